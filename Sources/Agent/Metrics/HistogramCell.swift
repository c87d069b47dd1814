public import CoreMetrics
import Synchronization

/// Counts values by size in fixed buckets. Takes a lock: it is for timings off the per-message path.
public final class HistogramCell: RecorderHandler, TimerHandler {
  /// Upper bounds for durations, in seconds.
  static let durationBounds: [Double] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds for other values: sizes and counts.
  static let valueBounds: [Double] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000, 10_000_000,
  ]

  struct Snapshot: Sendable {
    var bounds: [Double]
    /// One count a bound and one for what is over all of them; not yet cumulative.
    var counts: [Int]
    var sum: Double
  }

  private let state: Mutex<Snapshot>

  init(bounds: [Double]) {
    state = Mutex(Snapshot(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
  }

  /// Counts one value; NaN has no bucket and is ignored.
  public func record(_ value: Double) {
    guard !value.isNaN else { return }
    state.withLock { state in
      let bucket = state.bounds.firstIndex { value <= $0 } ?? state.bounds.count
      state.counts[bucket] &+= 1
      state.sum += value
    }
  }

  /// Counts one value.
  public func record(_ value: Int64) { record(Double(value)) }

  /// Counts one duration.
  public func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

  var snapshot: Snapshot { state.withLock { $0 } }
}

extension HistogramCell.Snapshot {
  /// Writes the cumulative buckets, the sum and the count.
  func write(name: String, labels: String, to text: inout String) {
    let open = labels.isEmpty ? "{" : labels.dropLast() + ","
    var cumulative = 0
    for (index, count) in counts.enumerated() {
      cumulative += count
      let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
      text += "\(name)_bucket\(open)le=\"\(bound)\"} \(cumulative)\n"
    }
    text += "\(name)_sum\(labels) \(PrometheusText.number(sum))\n"
    text += "\(name)_count\(labels) \(cumulative)\n"
  }
}
