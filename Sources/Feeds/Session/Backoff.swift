/// Capped exponential back-off with full jitter: the delay before try n is random between `minimum` and
/// `base · 2ⁿ`, never above `cap`. Full jitter keeps a fleet that lost one venue from coming back in step.
public struct Backoff: Equatable, Sendable {
  /// The ceiling of the first delay; at least 1 ms.
  public let base: Duration
  /// The ceiling of every delay.
  public let cap: Duration
  /// The floor of every delay.
  public let minimum: Duration
  /// Delays given since the last reset.
  public private(set) var attempts: Int = 0

  /// A fresh back-off.
  public init(base: Duration = .seconds(1), cap: Duration = .seconds(60), minimum: Duration = .milliseconds(100)) {
    self.base = max(base, .milliseconds(1))
    self.cap = cap
    self.minimum = minimum
  }

  /// The delay before the next try.
  public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    let ceiling = self.ceiling
    attempts = min(attempts, Int.max - 1) + 1
    return Self.random(from: minimum, to: ceiling, using: &generator)
  }

  /// The delay after the peer asked for patience (HTTP 429 or 418): the upper half of the cap, however few tries there were.
  public mutating func nextAfterRefusal(using generator: inout some RandomNumberGenerator) -> Duration {
    attempts = min(attempts, Int.max - 1) + 1
    return Self.random(from: cap / 2, to: cap, using: &generator)
  }

  /// The same number of tries within other limits.
  func with(limitsOf other: Backoff) -> Backoff {
    var changed = other
    changed.attempts = attempts
    return changed
  }

  /// Begins anew.
  public mutating func reset() {
    attempts = 0
  }

  /// What the next delay cannot exceed. Doubling stops at the cap, so no number of attempts overflows.
  public var ceiling: Duration {
    var ceiling = base
    var doublings = 0
    while doublings < attempts, ceiling < cap {
      ceiling = ceiling * 2
      doublings += 1
    }
    return min(ceiling, cap)
  }

  private static func random(
    from low: Duration, to high: Duration, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    let low = low.clampedNanoseconds
    let high = max(high.clampedNanoseconds, low)
    return .nanoseconds(Int64.random(in: low...high, using: &generator))
  }
}

extension Duration {
  /// Whole nanoseconds between zero and about 146 years, for arithmetic that cannot trap.
  package var clampedNanoseconds: Int64 {
    let limit: Int64 = .max / 2
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < limit / 1_000_000_000 else { return limit }
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
