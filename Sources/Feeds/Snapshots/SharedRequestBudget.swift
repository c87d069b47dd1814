import Synchronization

/// The request weight that all sessions of one market of a venue share, because the venue counts by address.
/// Asked once a snapshot, so a lock is no matter.
public final class SharedRequestBudget: Sendable {
  private let budget: Mutex<RequestWeightBudget>

  /// A full budget of `limit` a minute.
  public init(limit: Int) {
    budget = Mutex(RequestWeightBudget(limit: limit))
  }

  /// May a request of this weight go now? Its weight is spent when it may.
  public func request(weight: Int) -> RequestWeightBudget.Decision {
    budget.withLock { $0.request(weight: weight, now: WallClock.monotonic()) }
  }

  /// Learns what the venue answered.
  public func responded(_ response: RESTResponse) {
    budget.withLock {
      $0.responded(
        status: response.status, usedWeight: response.usedWeight, retryAfter: response.retryAfter,
        now: WallClock.monotonic())
    }
  }

  /// Times the venue refused (429 and 418).
  public var refusals: UInt64 { budget.withLock { $0.refusals } }
  /// Weight spent in the last minute.
  public var used: Int { budget.withLock { $0.used(now: WallClock.monotonic()) } }
}
