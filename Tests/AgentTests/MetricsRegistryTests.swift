import Agent
import Testing

@Suite("the metrics registry")
struct MetricsRegistryTests {
  @Test("families are sorted by name, series by labels, each family with HELP and TYPE once")
  func page() async {
    let registry = PrometheusRegistry()
    registry.addCollector { sink in
      sink.record(.sessionConnected, labels: ["okx", "spot", "okx-spot"], true)
      sink.record(.sessionConnected, labels: ["binance", "spot", "binance-spot"], false)
      sink.record(.generation, 7)
    }
    registry.counter(.checkpoints, labels: ["matched"]).increment(by: 3)
    #expect(
      await registry.text() == """
        # HELP marketprism_checkpoints_total Comparisons of a book with the best prices the exchange states.
        # TYPE marketprism_checkpoints_total counter
        marketprism_checkpoints_total{result="matched"} 3
        # HELP marketprism_generation Generation of the settings in force.
        # TYPE marketprism_generation gauge
        marketprism_generation 7
        # HELP marketprism_metrics_dropped_total Samples and series that the metrics registry refused.
        # TYPE marketprism_metrics_dropped_total counter
        marketprism_metrics_dropped_total{reason="sample"} 0
        marketprism_metrics_dropped_total{reason="series"} 0
        # HELP marketprism_session_connected 1 while every connection of the exchange entry is open.
        # TYPE marketprism_session_connected gauge
        marketprism_session_connected{exchange="binance",market="spot",name="binance-spot"} 0
        marketprism_session_connected{exchange="okx",market="spot",name="okx-spot"} 1

        """)
  }

  @Test("backslashes, quotes and line feeds in label values are escaped")
  func escaping() async {
    let registry = PrometheusRegistry()
    registry.counter(.checkpoints, labels: ["a\\b\"c\nd"]).increment()
    #expect(await registry.text().contains(#"marketprism_checkpoints_total{result="a\\b\"c\nd"} 1"#))
  }

  @Test("a sample without all its label values is left out and counted")
  func missingLabels() async {
    let registry = PrometheusRegistry()
    registry.addCollector { sink in sink.record(.gaps, labels: ["binance"], 1) }
    _ = registry.counter(.gaps, labels: [])
    let page = await registry.text()
    #expect(!page.contains("marketprism_gaps_total"))
    #expect(page.contains(#"marketprism_metrics_dropped_total{reason="sample"} 1"#))
    #expect(page.contains(#"marketprism_metrics_dropped_total{reason="series"} 1"#))
  }

  @Test("a full registry refuses further series and counts that")
  func bound() async {
    let registry = PrometheusRegistry(maximumSeries: 2)
    for result in ["a", "b", "c", "d"] { registry.counter(.checkpoints, labels: [result]).increment() }
    let page = await registry.text()
    #expect(page.contains(#"result="b""#) && !page.contains(#"result="c""#))
    #expect(page.contains(#"marketprism_metrics_dropped_total{reason="series"} 2"#))
  }

  @Test("the same labels give the same counter, and counters of a collector add to it")
  func sameSeries() async {
    let registry = PrometheusRegistry()
    registry.counter(.checkpoints, labels: ["matched"]).increment(by: 2)
    registry.counter(.checkpoints, labels: ["matched"]).increment(by: 3)
    registry.addCollector { sink in sink.record(.checkpoints, labels: ["matched"], 10) }
    #expect(await registry.text().contains(#"marketprism_checkpoints_total{result="matched"} 15"#))
  }

  @Test("counting from many tasks loses nothing")
  func concurrency() async {
    let registry = PrometheusRegistry()
    let gauge = registry.gauge(.generation)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let counter = registry.counter(.checkpoints, labels: ["matched"])
          for _ in 0..<10_000 {
            counter.increment()
            gauge.increment(by: 1)
          }
        }
      }
    }
    #expect(registry.counter(.checkpoints, labels: ["matched"]).value == 80_000)
    #expect(gauge.value == 80_000)
  }

  @Test("every family of the catalogue has its own valid name, and counters end in _total")
  func catalogue() {
    let names = MetricCatalogue.all.map(\.name)
    #expect(Set(names).count == names.count)
    for family in MetricCatalogue.all {
      #expect(family.name.hasPrefix("marketprism_") || family.name.hasPrefix("process_"))
      #expect((family.kind == .counter) == family.name.hasSuffix("_total"))
      if let unit = family.unit { #expect(family.name.contains("_" + unit)) }
      #expect(family.help.hasSuffix("."))
    }
  }

  @Test(
    "promtool accepts a page with every family, a library's metrics and hostile label values",
    .enabled(if: Promtool.isInstalled, "promtool is absent: apt-get install prometheus"))
  func promtool() async throws {
    let registry = PrometheusRegistry()
    registry.addProcessFigures()
    registry.addCollector { sink in
      for family in MetricCatalogue.all where family.kind != .histogram {
        sink.record(family, labels: family.labels.map { "\($0) \"\\\n{}é" }, 1.5)
      }
      sink.record(.lastMessageAge, labels: ["a", "b", "c"], .infinity)
      sink.record(.lastMessageAge, labels: ["a", "b", "d"], .nan)
    }
    registry.makeCounter(label: "http.requests", dimensions: [("le", "1"), ("__x", "y"), ("9", "z")]).increment(by: 4)
    registry.makeTimer(label: "reload", dimensions: [("result", "ok")]).recordNanoseconds(3_000_000)
    registry.makeRecorder(label: "batch", dimensions: [], aggregate: true).record(Int64(17))
    registry.makeRecorder(label: "queue", dimensions: [], aggregate: false).record(2.5)
    registry.makeMeter(label: "level", dimensions: []).set(Int64(3))
    let (output, status) = try Promtool.check(await registry.text())
    #expect(status == 0 && output.isEmpty, "\(output)")
  }
}
