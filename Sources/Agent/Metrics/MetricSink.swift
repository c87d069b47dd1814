/// Takes the samples of one scrape.
///
/// A collector callback gives the values it reads; a sample whose number of label values is not its family's is left
/// out and counted, because one such line would make Prometheus refuse the whole page.
public struct MetricSink {
  struct Samples {
    var family: MetricFamily
    /// Values by their written labels, so that a series can stand only once.
    var values: [String: Double] = [:]
    var histograms: [String: HistogramCell.Snapshot] = [:]
  }

  private(set) var families: [String: Samples] = [:]
  private(set) var dropped = 0

  init() {}

  /// Adds one sample. Counters of the same labels add up; of gauges the last one stands.
  public mutating func record(_ family: MetricFamily, labels: [String] = [], _ value: Double) {
    guard labels.count == family.labels.count, family.kind != .histogram else {
      dropped += 1
      return
    }
    add(family, PrometheusText.labels(zip(family.labels, labels).map { ($0, $1) }), value)
  }

  /// Adds one sample. Counters of the same labels add up; of gauges the last one stands.
  public mutating func record(_ family: MetricFamily, labels: [String] = [], _ value: Int) {
    record(family, labels: labels, Double(value))
  }

  /// Adds one sample that is 1 for true.
  public mutating func record(_ family: MetricFamily, labels: [String] = [], _ value: Bool) {
    record(family, labels: labels, value ? 1.0 : 0.0)
  }

  mutating func add(_ family: MetricFamily, _ labelText: String, _ value: Double) {
    let present = family.kind == .counter ? families[family.name]?.values[labelText] ?? 0 : 0
    families[family.name, default: Samples(family: family)].values[labelText] = present + value
  }

  mutating func add(_ family: MetricFamily, _ labelText: String, _ histogram: HistogramCell.Snapshot) {
    families[family.name, default: Samples(family: family)].histograms[labelText] = histogram
  }

  /// The page: families sorted by name, series by labels.
  func text() -> String {
    var text = ""
    for (name, samples) in families.sorted(by: { $0.key < $1.key }) {
      text += "# HELP \(name) \(PrometheusText.escaped(samples.family.help, quotes: false))\n"
      text += "# TYPE \(name) \(samples.family.kind.rawValue)\n"
      for (labels, value) in samples.values.sorted(by: { $0.key < $1.key }) {
        text += "\(name)\(labels) \(PrometheusText.number(value))\n"
      }
      for (labels, histogram) in samples.histograms.sorted(by: { $0.key < $1.key }) {
        histogram.write(name: name, labels: labels, to: &text)
      }
    }
    return text
  }
}
