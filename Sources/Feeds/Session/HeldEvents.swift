import MarketData

/// The most recent events of a session that is not published, for the moment when it takes the place of one that is.
///
/// Holds at least ``span`` of them and at most about twice as much, in two runs of which the older is dropped when the
/// newer is full. What is dropped is no loss: the session that is published has long published it. `now` is monotonic
/// nanoseconds.
package struct HeldEvents: ~Copyable {
  /// How far two connections to the same streams may lie apart.
  static let span: Int64 = 1_000_000_000
  /// Bytes of one run; a flood shortens the span rather than fill the memory.
  static let maximumBytes = 8 << 20

  private var older = EncodedEvents()
  private var newer = EncodedEvents()
  private var since: Int64 = .min

  /// Nothing is held.
  package init() {}

  /// Events held.
  package var count: Int { older.count + newer.count }

  /// Takes a burst of events.
  package mutating func append(_ events: borrowing EncodedEvents, now: Int64) {
    if newer.count == 0 { since = now }
    if now &- since >= Self.span || newer.byteCount >= Self.maximumBytes {
      swap(&older, &newer)
      newer.removeAll()
      since = now
    }
    newer.append(contentsOf: events)
  }

  /// Copies those events that `isWanted`, in their order, and holds nothing afterwards.
  package mutating func drain(into out: inout EncodedEvents, where isWanted: (EncodedEvents.Record) -> Bool) {
    out.append(contentsOf: older, where: isWanted)
    out.append(contentsOf: newer, where: isWanted)
    self = HeldEvents()
  }
}
