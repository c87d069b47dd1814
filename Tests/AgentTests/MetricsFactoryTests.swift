import Agent
import CoreMetrics
import Testing

@Suite("swift-metrics on the registry")
struct MetricsFactoryTests {
  let registry = PrometheusRegistry()

  @Test("a counter gets the prefix and _total, and its dimensions in one order")
  func counter() async {
    Counter(label: "cache.hits", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 2)
    Counter(label: "cache.hits", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
    #expect(await registry.text().contains(#"marketprism_cache_hits_total{a="1",b="2"} 3"#))
  }

  @Test("a timer is a histogram in seconds with cumulative buckets")
  func timer() async {
    let timer = Timer(label: "reload", factory: registry)
    timer.recordMilliseconds(3)
    timer.recordMilliseconds(40)
    timer.recordSeconds(60)
    let page = await registry.text()
    #expect(page.contains("# TYPE marketprism_reload_seconds histogram\n"))
    #expect(page.contains("marketprism_reload_seconds_bucket{le=\"0.0025\"} 0\n"))
    #expect(page.contains("marketprism_reload_seconds_bucket{le=\"0.005\"} 1\n"))
    #expect(page.contains("marketprism_reload_seconds_bucket{le=\"10\"} 2\n"))
    #expect(page.contains("marketprism_reload_seconds_bucket{le=\"+Inf\"} 3\n"))
    #expect(page.contains("marketprism_reload_seconds_sum 60.043\n"))
    #expect(page.contains("marketprism_reload_seconds_count 3\n"))
  }

  @Test("a histogram with labels keeps them in front of le")
  func labelledHistogram() async {
    Recorder(label: "batch", dimensions: [("kind", "x")], aggregate: true, factory: registry).record(3)
    let page = await registry.text()
    #expect(page.contains(#"marketprism_batch_bucket{kind="x",le="5"} 1"#))
    #expect(page.contains(#"marketprism_batch_sum{kind="x"} 3"#))
  }

  @Test("gauges and meters go up and down")
  func gauges() async {
    Gauge(label: "depth", factory: registry).record(2.5)
    let meter = Meter(label: "level", factory: registry)
    meter.set(5)
    meter.decrement(by: 2)
    let page = await registry.text()
    #expect(page.contains("marketprism_depth 2.5\n"))
    #expect(page.contains("marketprism_level 3\n"))
  }

  @Test("a name that is taken by another kind counts into nothing, and that is counted")
  func conflict() async {
    Gauge(label: "depth", factory: registry).record(1)
    Recorder(label: "depth", dimensions: [], aggregate: true, factory: registry).record(1)
    let page = await registry.text()
    #expect(page.contains("# TYPE marketprism_depth gauge\n") && !page.contains("marketprism_depth_bucket"))
    #expect(page.contains(#"marketprism_metrics_dropped_total{reason="series"} 1"#))
  }

  @Test("a destroyed metric leaves the page")
  func destruction() async {
    let counter = Counter(label: "gone", factory: registry)
    counter.increment()
    #expect(await registry.text().contains("marketprism_gone_total"))
    counter.destroy()
    #expect(await !registry.text().contains("marketprism_gone_total"))
  }
}
