import Agent
import Testing

@Suite("health over HTTP")
struct HealthRouteTests {
  @Test("a healthy collector: 200 with checks as objects, true uptime and RFC 3339 times")
  func healthy() async throws {
    try await withServer { curl, _ in
      let reply = await curl.get("/health")
      #expect(reply.status == 200)
      #expect(reply.headers["content-type"] == "application/json")
      #expect(
        reply.body == """
          {"status":"healthy","timestamp":"2026-11-22T21:38:13.250Z","uptime_seconds":493,"checks":{\
          "nats_connection":{"status":"pass","observed_value":"down","threshold":"up within 5s",\
          "since":"2026-11-22T21:30:00Z","output":"connection refused (127.0.0.1:4222)"},\
          "exchange_connections":{"status":"pass","observed_value":"2/2","since":"2026-11-22T21:30:00Z"}},\
          "details":{"state":"ok","ready":true,"generation":7},"version":"1.2.3","service":"marketprism-collector"}

          """)
    }
  }

  @Test(
    "the state decides word and status",
    arguments: [
      (HealthState.ok, "healthy", 200), (.degraded, "degraded", 200), (.starting, "unhealthy", 503),
      (.failing, "unhealthy", 503), (.draining, "unhealthy", 503),
    ])
  func states(state: HealthState, word: String, status: Int) async throws {
    try await withServer { curl, service in
      service.set { $0.health = FakeService.report(state) }
      #expect(await curl.get("/health").status == status)
      #expect(await curl.jq("/health", ".status + \" \" + .details.state") == "\(word) \(state.rawValue)")
      #expect(await curl.get("/health/live").status == 200)
    }
  }

  @Test("readiness is 503 with the checks that do not pass, while health is 200")
  func notReady() async throws {
    try await withServer { curl, service in
      #expect(await curl.get("/health/ready").status == 200)
      service.set { $0.health = FakeService.report(.degraded, ready: false) }
      #expect(await curl.get("/health").status == 200)
      #expect(await curl.get("/health/ready").status == 503)
      #expect(
        await curl.jq("/health/ready", "[.status, .ready, .state, (.checks | keys)]")
          == #"["not-ready",false,"degraded",["nats_connection"]]"#)
    }
  }
}
