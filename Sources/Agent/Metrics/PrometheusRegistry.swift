import Synchronization

/// All metrics of the process, written as Prometheus text.
///
/// Numbers come in three ways: cells of a family of ``MetricCatalogue`` that their owner counts on directly; cells made
/// through swift-metrics (see ``makeCounter(label:dimensions:)``); and callbacks that read, at the moment of a scrape,
/// what is counted elsewhere, such as on an event loop. Making a cell takes a lock, counting does not.
public final class PrometheusRegistry: Sendable {
  /// A callback of a scrape.
  public typealias Collector = @Sendable (inout MetricSink) async -> Void

  enum Cell: Sendable {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)
  }

  struct Series: Sendable {
    var family: MetricFamily
    var labels: String
    var cell: Cell
  }

  struct State {
    var series: [String: Series] = [:]
    /// Families by name: two kinds under one name would make the page invalid.
    var families: [String: MetricFamily] = [:]
    var collectors: [Collector] = []
  }

  let state = Mutex(State())
  let refusedSeries = CounterCell()
  private let refusedSamples = CounterCell()
  let maximumSeries: Int

  /// Creates an empty registry.
  ///
  /// - Parameter maximumSeries: series kept at most; further ones count into nothing, and that is counted.
  public init(maximumSeries: Int = 10_000) { self.maximumSeries = maximumSeries }

  /// Adds a callback that every scrape runs.
  public func addCollector(_ collector: @escaping Collector) {
    state.withLock { $0.collectors.append(collector) }
  }

  /// The counter of a family and its label values; the same one each time.
  public func counter(_ family: MetricFamily, labels: [String] = []) -> CounterCell {
    guard case .counter(let cell) = cell(family, labels, make: { .counter(CounterCell()) }) else {
      return CounterCell()
    }
    return cell
  }

  /// The gauge of a family and its label values; the same one each time.
  public func gauge(_ family: MetricFamily, labels: [String] = []) -> GaugeCell {
    guard case .gauge(let cell) = cell(family, labels, make: { .gauge(GaugeCell()) }) else { return GaugeCell() }
    return cell
  }

  private func cell(_ family: MetricFamily, _ labels: [String], make: () -> Cell) -> Cell? {
    guard labels.count == family.labels.count else {
      refusedSeries.increment()
      return nil
    }
    return cell(family, PrometheusText.labels(zip(family.labels, labels).map { ($0, $1) }), make: make)
  }

  /// The cell of a series, made when it is new; nil when the name is taken by another kind or the registry is full.
  func cell(_ family: MetricFamily, _ labelText: String, make: () -> Cell) -> Cell? {
    let cell: Cell? = state.withLock { state in
      let known = state.families[family.name] ?? MetricCatalogue.byName[family.name] ?? family
      guard known.kind == family.kind else { return nil }
      let key = family.name + labelText
      if let present = state.series[key] { return present.cell }
      guard state.series.count < maximumSeries else { return nil }
      let made = make()
      state.families[family.name] = known
      state.series[key] = Series(family: known, labels: labelText, cell: made)
      return made
    }
    if cell == nil { refusedSeries.increment() }
    return cell
  }

  /// The whole page.
  public func text() async -> String {
    let (series, collectors) = state.withLock { (Array($0.series.values), $0.collectors) }
    var sink = MetricSink()
    for collector in collectors { await collector(&sink) }
    for entry in series {
      switch entry.cell {
      case .counter(let cell): sink.add(entry.family, entry.labels, Double(cell.value))
      case .gauge(let cell): sink.add(entry.family, entry.labels, cell.value)
      case .histogram(let cell): sink.add(entry.family, entry.labels, cell.snapshot)
      }
    }
    refusedSamples.increment(by: Int64(sink.dropped))
    sink.record(.metricsDropped, labels: ["series"], Double(refusedSeries.value))
    sink.record(.metricsDropped, labels: ["sample"], Double(refusedSamples.value))
    return sink.text()
  }
}
