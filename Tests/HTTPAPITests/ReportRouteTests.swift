import Agent
import Glibc
import Testing

@Suite("status, info and metrics over HTTP")
struct ReportRouteTests {
  @Test("status has the names that dashboards read, two markets of one exchange side by side")
  func status() async throws {
    try await withServer { curl, _ in
      #expect(
        await curl.jq("/status", ".collector | [.running, .start_time, .uptime_seconds, .generation]")
          == #"[true,"2026-11-22T21:30:00Z",493,7]"#)
      #expect(await curl.jq("/status", ".exchanges | keys_unsorted") == #"["binance-spot","binance-perp"]"#)
      let fields = "messages_received,messages_processed,errors,last_message_time,connected_at,is_connected"
      let filter = fields.split(separator: ",").map { ".\($0)" }.joined(separator: ",")
      #expect(
        await curl.jq("/status", ".exchanges[\"binance-spot\"] | [\(filter), .reconnect_count]")
          == #"[120,118,2,"2026-11-22T21:38:13.250Z","2026-11-22T21:30:00Z",true,1]"#)
      #expect(
        await curl.jq("/status", ".exchanges[\"binance-perp\"] | [\(filter)]") == "[0,0,0,null,null,false]")
      #expect(
        await curl.jq(
          "/status", ".nats | [.connected, .server_url, .client_name, .optional, .policy_source, .spool, .events]")
          == #"[true,"nats://localhost:4222","collector",true,"file",{"pending_bytes":17},"#
          + #"{"published":99,"no_nats":4}]"#)
      #expect(
        await curl.jq("/status", ".orderbook_manager") == #"{"exchanges":{"binance-spot":{"books":2,"#
          + #""synchronised":2,"gaps":3,"resynchronisations":0}},"total_integrations":1,"#
          + #""timestamp":"2026-11-22T21:38:13.250Z"}"#)
    }
  }

  @Test("info lists every exchange once with the symbols of all its markets")
  func info() async throws {
    try await withServer { curl, _ in
      let path = "/api/v1/data-center/info"
      #expect(
        await curl.jq(path, "[.service, .version, .status, .start_time, .uptime_seconds]")
          == #"["MarketPrism Data Center","1.2.3","healthy","2026-11-22T21:30:00Z",493]"#)
      #expect(await curl.jq(path, ".supported_exchanges") == #"["binance"]"#)
      #expect(await curl.jq(path, ".supported_symbols") == #"{"binance":["BTC-USDT","ETH-USDT","SOL-USDT"]}"#)
      #expect(
        await curl.jq(path, ".capabilities") == #"{"real_time_snapshots":true,"cached_snapshots":true,"#
          + #""orderbook_manager":true,"nats_streaming":true,"rest_api":true}"#)
      #expect(await curl.jq(path, ".nats") == #"{"connected":true,"streams":[]}"#)
    }
  }

  @Test("capabilities are only what works now")
  func capabilities() async throws {
    try await withServer { curl, service in
      service.set { values in
        values.status.exchanges[0].booksSynchronised = 0
        values.status.nats.connected = false
        values.status.running = false
      }
      #expect(
        await curl.jq("/api/v1/data-center/info", ".capabilities")
          == #"{"real_time_snapshots":false,"cached_snapshots":false,"orderbook_manager":true,"#
          + #""nats_streaming":false,"rest_api":true}"#)
    }
  }

  @Test("every endpoint that info lists answers 200")
  func endpoints() async throws {
    try await withServer { curl, _ in
      let listed = await curl.jq("/api/v1/data-center/info", ".endpoints[]").split(separator: "\n")
      #expect(listed.count == 13)
      #expect(listed.suffix(2) == ["PUT /api/v1/nats/policy", "POST /api/v1/reload"])
      for path in listed.dropLast(2) {
        let filled = path.replacing("{exchange}", with: "binance").replacing("{symbol}", with: "BTC-USDT")
        #expect(await curl.get(String(filled)).status == 200, "\(path)")
      }
    }
  }

  @Test("metrics have the versioned content type and the registry's text")
  func metrics() async throws {
    let registry = PrometheusRegistry()
    registry.addProcessFigures()
    registry.counter(.checkpoints, labels: ["matched"]).increment(by: 5)
    let page = await registry.text()
    try await withServer { curl, service in
      service.set { $0.metrics = page }
      let reply = await curl.get("/metrics")
      #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(reply.body == page)
    }
  }

  @Test(
    "promtool accepts what curl gets from metrics",
    .enabled(if: access("/usr/bin/promtool", X_OK) == 0, "promtool is absent: apt-get install prometheus"))
  func promtool() async throws {
    let registry = PrometheusRegistry()
    registry.addProcessFigures()
    registry.addCollector { sink in
      for family in MetricCatalogue.all { sink.record(family, labels: family.labels.map { "\"\($0)\"\n" }, 2) }
    }
    let page = await registry.text()
    try await withServer { curl, service in
      service.set { $0.metrics = page }
      let checked = await Shell.run(
        "curl -sS http://127.0.0.1:\(curl.port)/metrics | /usr/bin/promtool check metrics 2>&1")
      #expect(checked.status == 0 && checked.output.isEmpty, "\(checked.output)")
    }
  }
}
