import Agent
import MarketData
import Testing

@Suite("metrics from reports")
struct MetricsReportsTests {
  private func page(_ change: (inout StatusReport) -> Void) async -> String {
    let now = Timestamp(nanoseconds: 1_795_383_493_250_000_000)
    var row = StatusReport.Exchange(
      name: "binance-spot", exchange: "binance", market: .spot, symbols: ["BTC-USDT"], dataTypes: ["trade"])
    row.messagesReceived = 120
    row.isConnected = true
    row.booksTotal = 2
    var report = StatusReport(
      startTime: now, time: now, uptimeSeconds: 0, generation: 7, version: "1.2.3", running: true, health: .ok,
      exchanges: [row],
      nats: StatusReport.NATS(
        connected: false, state: "down", serverURL: "", clientName: "", optional: true, policySource: "file",
        override: nil, since: now, reason: nil, events: [], pendingBytes: 17), configurationFile: nil)
    change(&report)
    let (registry, final) = (PrometheusRegistry(), report)
    registry.addCollector { sink in
      sink.record(final)
      sink.record(
        HealthReport(
          state: .degraded, ready: true, time: now, uptimeSeconds: 0, checks: [], generation: 7, version: "1.2.3"))
    }
    return await registry.text()
  }

  @Test("every number of a status report has its series")
  func status() async {
    let page = await page { $0.exchanges[0].lastMessageTime = Timestamp(nanoseconds: 1_795_383_491_750_000_000) }
    let labels = #"{exchange="binance",market="spot",name="binance-spot"}"#
    for line in [
      #"marketprism_build_info{version="1.2.3"} 1"#, "marketprism_generation 7",
      "marketprism_messages_received_total\(labels) 120", "marketprism_messages_processed_total\(labels) 0",
      "marketprism_session_connected\(labels) 1", "marketprism_session_reconnects_total\(labels) 0",
      "marketprism_gaps_total\(labels) 0", "marketprism_resynchronisations_total\(labels) 0",
      "marketprism_books\(labels) 2", "marketprism_book_synchronised\(labels) 0",
      "marketprism_last_message_age_seconds\(labels) 1.5", "marketprism_nats_connected 0",
      "marketprism_nats_optional 1", "marketprism_outbox_bytes 17", #"marketprism_health_state{state="ok"} 0"#,
      #"marketprism_health_state{state="degraded"} 1"#,
    ] {
      #expect(page.contains("\n\(line)\n"), "\(line)")
    }
  }

  @Test("before the first message there is no age")
  func noAge() async {
    #expect(await !page { _ in }.contains("last_message_age_seconds"))
  }
}
