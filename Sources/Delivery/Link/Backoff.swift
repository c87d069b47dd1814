/// Exponential back-off with jitter: the n-th delay is drawn between half and all of `initial` × 2ⁿ, at most `maximum`.
///
/// The jitter keeps a fleet of collectors from dialling a returning server at the same instant.
public struct Backoff: Sendable, Equatable {
  /// The upper bound of the first delay.
  public var initial: Duration
  /// The upper bound of every delay.
  public var maximum: Duration
  private var attempts = 0

  /// Creates a back-off that starts from its first delay.
  public init(initial: Duration = .milliseconds(250), maximum: Duration = .seconds(10)) {
    self.initial = initial
    self.maximum = maximum
  }

  /// Starts again from the first delay.
  public mutating func reset() { attempts = 0 }

  /// The next delay.
  public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    var bound = initial
    for _ in 0..<attempts where bound < maximum { bound *= 2 }
    if bound < maximum { attempts += 1 }
    let nanoseconds = max(2, min(bound, maximum).nanoseconds)
    return .nanoseconds(Int64.random(in: nanoseconds / 2...nanoseconds, using: &generator))
  }
}
