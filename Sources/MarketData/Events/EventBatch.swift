/// What one frame was decoded to: events of instruments, and the price levels they refer to. Filled, read and reused.
public struct EventBatch: ~Copyable {
  /// An event and the instrument it concerns, as its place in the session's instrument list.
  public struct Entry: Sendable {
    /// Place in the instrument list.
    public var instrument: Int
    /// What happened.
    public var event: MarketEvent
  }

  /// The events, in the frame's order.
  public private(set) var entries: ContiguousArray<Entry> = []
  /// The price levels that depth events point into.
  public var levels = LevelBuffer()

  /// Creates an empty batch.
  public init() { entries.reserveCapacity(8) }

  /// Adds an event.
  public mutating func append(_ event: MarketEvent, instrument: Int) {
    entries.append(Entry(instrument: instrument, event: event))
  }

  /// Empties the batch; the memory stays.
  public mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    levels.removeAll()
  }
}
