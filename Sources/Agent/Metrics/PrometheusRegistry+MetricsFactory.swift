public import CoreMetrics

/// What libraries report through swift-metrics: counters become `_total`, timers histograms in seconds, recorders
/// gauges, or histograms where they aggregate. Names get the collector's prefix.
extension PrometheusRegistry: MetricsFactory {
  /// A counter.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let made = make(label, .counter, suffix: "_total", dimensions) { .counter(CounterCell()) }
    guard case .counter(let cell) = made else { return CounterCell() }
    return cell
  }

  /// A number that is set, raised and lowered.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  /// A gauge, or a histogram when it aggregates.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    if !aggregate { return gauge(label, dimensions) }
    let bounds = HistogramCell.valueBounds
    let made = make(label, .histogram, suffix: "", dimensions) { .histogram(HistogramCell(bounds: bounds)) }
    guard case .histogram(let cell) = made else { return HistogramCell(bounds: bounds) }
    return cell
  }

  /// A histogram of durations.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let bounds = HistogramCell.durationBounds
    let made = make(label, .histogram, suffix: "_seconds", dimensions) { .histogram(HistogramCell(bounds: bounds)) }
    guard case .histogram(let cell) = made else { return HistogramCell(bounds: bounds) }
    return cell
  }

  /// Forgets a counter.
  public func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
  /// Forgets a meter.
  public func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
  /// Forgets a recorder.
  public func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
  /// Forgets a timer.
  public func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

  private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
    let made = make(label, .gauge, suffix: "", dimensions) { .gauge(GaugeCell()) }
    guard case .gauge(let cell) = made else { return GaugeCell() }
    return cell
  }

  private func make(
    _ label: String, _ kind: MetricFamily.Kind, suffix: String, _ dimensions: [(String, String)], _ make: () -> Cell
  ) -> Cell? {
    var name = PrometheusText.metricName(label)
    if !name.hasSuffix(suffix) { name += suffix }
    // The order in which a library names its dimensions does not make another series; of a repeated one the last stands.
    let clean = Dictionary(dimensions.map { (PrometheusText.labelName($0.0), $0.1) }, uniquingKeysWith: { $1 })
      .sorted { $0.key < $1.key }
    let family = MetricFamily(
      name: name, kind: kind, help: "Reported by a library as \(label).", labels: clean.map(\.key),
      unit: suffix == "_seconds" ? "seconds" : nil)
    return cell(family, PrometheusText.labels(clean.map { ($0.key, $0.value) }), make: make)
  }

  private func forget(_ handler: AnyObject) {
    state.withLock { state in
      guard let key = state.series.first(where: { $0.value.cell.object === handler })?.key else { return }
      state.series[key] = nil
    }
  }
}

extension PrometheusRegistry.Cell {
  fileprivate var object: AnyObject {
    switch self {
    case .counter(let cell): cell
    case .gauge(let cell): cell
    case .histogram(let cell): cell
    }
  }
}
