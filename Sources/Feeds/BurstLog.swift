/// Lets one line of a burst through and counts the rest.
struct BurstLog: Sendable {
  /// A line is let through when none was for this long.
  static let interval: Int64 = 10_000_000_000

  private var lastAdmitted: Int64?
  private var suppressed = 0

  /// Whether this line is to be written.
  ///
  /// - Returns: the number of lines held back since the last one; nil when this one is held back too.
  mutating func admit(now: Int64) -> Int? {
    if let lastAdmitted, now &- lastAdmitted < Self.interval {
      suppressed += 1
      return nil
    }
    lastAdmitted = now
    defer { suppressed = 0 }
    return suppressed
  }
}

extension Duration {
  /// Whole milliseconds, for logs.
  var milliseconds: Int64 { clampedNanoseconds / 1_000_000 }
}
