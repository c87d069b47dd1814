import MarketData

/// The latest runs, the oldest first, and how many of each kind there were.
struct ReloadHistory: Sendable {
  /// One run.
  struct Record: Sendable, Equatable {
    /// The generation that was active when it was over.
    var generation: Int
    var time: Timestamp
    /// Who asked: `uid 1000`, `signal`.
    var by: String
    var outcome: ReloadOutcome
    /// One line.
    var summary: String
  }

  /// Runs kept; a record is about a hundred bytes.
  static let limit = 64

  private(set) var records: [Record] = []
  private(set) var counts: [ReloadOutcome: Int] = [:]

  mutating func add(_ record: Record) {
    counts[record.outcome, default: 0] += 1
    records.append(record)
    if records.count > Self.limit { records.removeFirst(records.count - Self.limit) }
  }
}
