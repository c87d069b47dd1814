import MarketData

/// What became of every event, by kind of data; a consistent snapshot.
///
/// Every event handed to delivery is counted under exactly one outcome once it has left the outbox.
public struct DeliveryCounters: Sendable, Equatable {
  /// What became of an event; the raw value is the `status` label of the metric.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The server has confirmed that it has read it.
    case published
    /// There was no link.
    case noNATS = "no_nats"
    /// The outbox was full.
    case outboxFull = "outbox_full"
    /// It exceeds what the server takes.
    case tooLarge = "too_large"
    /// The client library refused it, or its subject is not one.
    case failed
    /// Written, but the link was lost before the server confirmed it: it may or may not have arrived.
    case unconfirmed

    var index: Int {
      switch self {
      case .published: 0
      case .noNATS: 1
      case .outboxFull: 2
      case .tooLarge: 3
      case .failed: 4
      case .unconfirmed: 5
      }
    }
  }

  private static let outcomes = Outcome.allCases.count
  /// A row for each kind of data, and one for messages that are no market data.
  private static let rows = DataType.allCases.count + 1
  static let otherRow = DataType.allCases.count

  private var table = [UInt64](repeating: 0, count: rows * outcomes)
  /// Payload bytes of the events counted as published.
  public private(set) var publishedBytes: UInt64 = 0

  /// Creates counters that are all zero.
  public init() {}

  /// The events of one kind with one outcome; nil stands for messages that are no market data, such as heartbeats.
  public func count(_ type: DataType?, _ outcome: Outcome) -> UInt64 {
    table[(type?.index ?? Self.otherRow) * Self.outcomes + outcome.index]
  }

  /// The events of all kinds with one outcome, other messages included.
  public func total(_ outcome: Outcome) -> UInt64 {
    (0..<Self.rows).reduce(0) { $0 &+ table[$1 * Self.outcomes + outcome.index] }
  }

  mutating func add(_ tally: Tally, _ outcome: Outcome) {
    guard !tally.isEmpty else { return }
    for row in 0..<Self.rows { table[row * Self.outcomes + outcome.index] &+= UInt64(max(0, tally[row])) }
    if outcome == .published { publishedBytes &+= UInt64(max(0, tally.bytes)) }
  }
}
