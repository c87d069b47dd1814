/// A budget of request weight a minute, as Binance keeps it for an address: a value type without clock or I/O.
///
/// Our own spending is summed over a sliding minute, so that no minute of the venue's, wherever it begins, sees more than the
/// limit. What the venue reports beyond it (other programs behind the same address) counts for a minute from the report.
/// After a 429 or 418 nothing goes until the venue's pause is over. `now` is monotonic nanoseconds.
/// Which request goes first is the caller's affair.
public struct RequestWeightBudget: Sendable {
  /// May a request go?
  public enum Decision: Equatable, Sendable {
    /// Yes, and its weight is spent.
    case go
    /// Not yet: ask again after this long.
    case wait(Duration)
  }

  /// The weight allowed in any minute.
  public let limit: Int
  /// Refusals (429 and 418) seen.
  public private(set) var refusals: UInt64 = 0

  private static let second: Int64 = 1_000_000_000
  /// A request may fall at either end of its second, so 61 seconds are held to cover 60 whole ones.
  private static let slots = 61
  /// A venue bans for three days at most; a longer Retry-After is nonsense that must not stop us for good.
  private static let longestPause = Duration.seconds(3 * 86_400)

  private var spent = [Int](repeating: 0, count: slots)
  private var newest: Int64 = .min
  private var total = 0
  private var foreign = 0
  private var foreignUntil: Int64 = .min
  private var pausedUntil: Int64 = .min

  /// A full budget.
  /// - Parameter limit: Weight a minute; at least 1.
  public init(limit: Int) {
    self.limit = max(limit, 1)
  }

  /// Asks for a request and, when it may go, spends its weight.
  ///
  /// A request heavier than the whole budget goes when nothing else has been spent, rather than never.
  public mutating func request(weight: Int, now: Int64) -> Decision {
    advance(to: now)
    guard now >= pausedUntil else { return .wait(.nanoseconds(pausedUntil &- now)) }
    let weight = min(max(weight, 0), limit)
    guard used(now: now) <= limit - weight else { return .wait(timeUntil(weight: weight, now: now)) }
    spent[slot(now)] += weight
    total += weight
    return .go
  }

  /// Weight spent in the last minute, ours and others'.
  public func used(now: Int64) -> Int {
    min(total, Int.max / 2) + (now < foreignUntil ? min(foreign, Int.max / 2) : 0)
  }

  /// Learns from a response.
  /// - Parameters:
  ///   - status: 429 pauses for Retry-After or a minute; 418 for Retry-After or five minutes.
  ///   - usedWeight: The venue's own count for its current minute.
  public mutating func responded(status: Int, usedWeight: Int?, retryAfter: Duration?, now: Int64) {
    advance(to: now)
    if let usedWeight, usedWeight > total {
      foreign = usedWeight - total
      foreignUntil = now &+ 60 * Self.second
    }
    let pause: Duration
    switch status {
    case 429: pause = retryAfter ?? .seconds(60)
    case 418: pause = retryAfter ?? .seconds(300)
    default: return
    }
    refusals &+= 1
    pausedUntil = max(pausedUntil, now &+ min(pause, Self.longestPause).clampedNanoseconds)
  }

  private func slot(_ now: Int64) -> Int {
    let index = Int((now / Self.second) % Int64(Self.slots))
    return index < 0 ? index + Self.slots : index
  }

  /// Drops what is older than a minute. A clock that goes backwards changes nothing.
  private mutating func advance(to now: Int64) {
    let current = now / Self.second
    guard current > newest else { return }
    if newest == .min || current - newest >= Int64(Self.slots) {
      spent = [Int](repeating: 0, count: Self.slots)
      total = 0
    } else {
      var second = newest + 1
      while second <= current {
        let index = slot(second &* Self.second)
        total -= spent[index]
        spent[index] = 0
        second += 1
      }
    }
    newest = current
  }

  /// When enough of the oldest spending has left the window, or others' spending is forgotten, if that is sooner.
  private func timeUntil(weight: Int, now: Int64) -> Duration {
    var remaining = used(now: now)
    var ready: Int64 = .max
    // Oldest second first: it leaves the window `slots` seconds after it began.
    for age in stride(from: Int64(Self.slots) - 1, through: 0, by: -1) where remaining > limit - weight {
      let second = newest - age
      let amount = spent[slot(second &* Self.second)]
      guard amount > 0 else { continue }
      remaining -= amount
      if remaining <= limit - weight { ready = (second &+ Int64(Self.slots)) &* Self.second }
    }
    if now < foreignUntil { ready = min(ready, foreignUntil) }
    return .nanoseconds(max(ready &- now, 1))
  }
}
