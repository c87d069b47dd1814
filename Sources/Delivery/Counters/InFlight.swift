/// What was written on one connection and what of it the server has confirmed.
///
/// Core NATS acknowledges nothing; but the server answers a ping only after it has read everything before it. So a
/// mark is set when a ping is asked for, and its answer confirms what was written before the mark.
struct InFlight: Sendable {
  private var written = Tally()
  private var marked = Tally()
  private var confirmed = Tally()
  private(set) var mark: UInt64?
  private var nextMark: UInt64 = 1

  /// Events neither confirmed nor given up.
  var count: Int { written.total - confirmed.total }
  /// Whether a mark would cover events the last one does not.
  var wantsMark: Bool { mark == nil && count > 0 }

  mutating func wrote(row: Int, bytes: Int) { written.add(row: row, bytes: bytes) }

  /// Sets a mark behind everything written so far.
  mutating func setMark() -> UInt64 {
    marked = written
    mark = nextMark
    nextMark &+= 1
    return nextMark &- 1
  }

  /// The answer to a mark arrived.
  ///
  /// - Returns: what it confirms; nothing for a mark of a connection that is gone.
  mutating func confirm(_ answered: UInt64) -> Tally {
    guard answered == mark else { return Tally() }
    let news = marked - confirmed
    confirmed = marked
    mark = nil
    return news
  }

  /// The server has confirmed everything written so far.
  mutating func confirmAll() -> Tally { confirm(setMark()) }

  /// The connection is gone.
  ///
  /// - Returns: what was written and never confirmed.
  mutating func giveUp() -> Tally {
    let rest = written - confirmed
    written = Tally()
    marked = Tally()
    confirmed = Tally()
    mark = nil
    return rest
  }
}
