public import CoreMetrics
import Synchronization

/// A whole number that only grows; counting takes no lock.
public final class CounterCell: CounterHandler {
  private let count = Atomic<Int64>(0)

  init() {}

  /// The present count.
  public var value: Int64 { count.load(ordering: .relaxed) }

  /// Adds `amount`; a negative amount is ignored, since a counter that falls reads as a restart.
  public func increment(by amount: Int64 = 1) {
    guard amount > 0 else { return }
    count.wrappingAdd(amount, ordering: .relaxed)
  }

  /// Sets the count back to zero.
  public func reset() { count.store(0, ordering: .relaxed) }
}
