public import CoreMetrics
import Synchronization

/// A number that goes up and down; setting takes no lock.
public final class GaugeCell: RecorderHandler, MeterHandler {
  private let bits = Atomic<UInt64>(0)

  init() {}

  /// The present value.
  public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  /// Sets the value.
  public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  /// Sets the value.
  public func set(_ value: Int64) { set(Double(value)) }
  /// Sets the value.
  public func record(_ value: Double) { set(value) }
  /// Sets the value.
  public func record(_ value: Int64) { set(Double(value)) }
  /// Takes `amount` away.
  public func decrement(by amount: Double) { increment(by: -amount) }

  /// Adds `amount`.
  public func increment(by amount: Double) {
    var present = bits.load(ordering: .relaxed)
    while true {
      let wanted = (Double(bitPattern: present) + amount).bitPattern
      let outcome = bits.compareExchange(expected: present, desired: wanted, ordering: .relaxed)
      if outcome.exchanged { return }
      present = outcome.original
    }
  }
}
