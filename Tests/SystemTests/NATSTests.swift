import Glibc
import Testing

extension ProgramTests {
  @Suite("Delivery to a real nats-server")
  struct NATSTests {
    let scratch: Scratch
    let server: NATSServer

    init() throws {
      scratch = try Scratch()
      server = try NATSServer(in: scratch)
    }

    private func configuration(optional: Bool) async throws -> Configuration {
      Configuration(exchange: try await Exchange(in: scratch), natsPort: server.port, optional: optional)
    }

    @Test("optional NATS that is missing costs events and nothing else; it is used when it comes and when it returns")
    func optional() async throws {
      let collector = try await Collector(try await configuration(optional: true), in: scratch)
      try await collector.untilSynchronised(books: 2)
      try await collector.until("/health", #".status == "degraded" and .details.ready"#)
      try await collector.until("/status", ".nats.events.no_nats > 0")
      #expect(
        try await collector.jq("/status", ".nats | [.connected, .optional, .events.published]") == "[false,true,0]")
      #expect(try await collector.get("/health/ready").status == 200)

      try await server.start()
      try await collector.until("/status", ".nats.connected and .nats.events.published > 0")
      try await collector.until("/health", #".status == "healthy""#)
      let lost = try await collector.jq("/status", ".nats.events.no_nats")
      try await collector.until("/status", ".nats.events.published > 100")
      #expect(try await collector.jq("/status", ".nats.events.no_nats") == lost)

      try await server.kill()
      try await collector.until("/health", #".status == "degraded" and .details.ready"#)
      try await collector.until("/status", ".nats.events.no_nats > \(lost)")
      try await server.start()
      let subscriber = try Subscriber(server, "trade.>")
      try await subscriber.collect(10, into: "\(scratch.path)/events.jsonl")
      try await collector.until("/health", #".status == "healthy""#)
      // None of this touched the sessions.
      #expect(try await collector.jq("/status", "[.exchanges[].reconnect_count]") == "[0,0]")
      try await collector.stop()
      let last = try #require(collector.program.errorLines.last)
      #expect(last.hasSuffix("main: stopped"))
    }

    @Test("a subscriber sees the published subjects, fields and message ids, and no trade is missing or doubled")
    func payloads() async throws {
      try await server.start()
      let subscriber = try Subscriber(server, "*.binance.>")
      let collector = try await Collector(try await configuration(optional: false), in: scratch)
      try await collector.untilSynchronised(books: 2)
      let file = "\(scratch.path)/events.jsonl"
      try await subscriber.collect(500, into: file)
      func jq(_ filter: String) async throws -> String { try await Shell.jq(filter, file: file, "-s", in: scratch) }
      let subjects = try await jq("[.[].subject] | unique[]").split(separator: "\n")
      #expect(
        subjects == [
          "orderbook.binance.perpetual.BTC-USDT", "orderbook.binance.spot.BTC-USDT",
          "ticker.binance.perpetual.BTC-USDT", "ticker.binance.spot.BTC-USDT",
          "trade.binance.perpetual.BTC-USDT", "trade.binance.spot.BTC-USDT",
        ])
      let common = #"""
        map(.subject as $s | .payload
          | .exchange == "binance" and .symbol == "BTC-USDT" and .instrument_id == "BTCUSDT"
          and $s == "\(.data_type).\(.exchange).\(.market_type).\(.symbol)"
          and (.ts_received_ms | type) == "number" and .ts_published_ms >= .ts_received_ms
          and (.collector | test("-\#(collector.program.pid)$"))
          and (.ts_event_ms | type | . == "number" or . == "null")) | all
        """#
      #expect(try await jq(common) == "true")
      let trades = #"""
        map(select(.payload.data_type == "trade")) | length > 10 and (map(
          .id == "trade:binance:\(.payload.market_type):BTC-USDT:\(.payload.trade_id)"
          and (.payload | (.price | type) == "string" and (.quantity | type) == "string"
          and (.side | . == "buy" or . == "sell") and (.ts_event_ms | type) == "number")) | all)
        """#
      #expect(try await jq(trades) == "true")
      let contiguous = #"""
        map(select(.payload.data_type == "trade")) | group_by(.subject)
          | map(map(.payload.trade_id | tonumber) | .[-1] - .[0] == length - 1 and . == (sort | unique)) | all
        """#
      #expect(try await jq(contiguous) == "true")
      let books = #"""
        map(select(.payload.data_type == "orderbook").payload) | (map(.update_type) | unique) == ["delta", "snapshot"]
          and (map((.last_update_id >= .first_update_id)
            and (.bids + .asks | flatten | map(type) | unique - ["string"] == []))
          | all)
        """#
      #expect(try await jq(books) == "true")
      let deltas = #"""
        map(select(.payload.update_type == "delta")) | map(
          .id == "orderbook:binance:\(.payload.market_type):BTC-USDT:\(.payload.last_update_id)") | all
        """#
      #expect(try await jq(deltas) == "true")
      let quotes = #"""
        map(select(.payload.data_type == "ticker").payload) | length > 10 and (map(
          (.best_bid_price | tonumber) < (.best_ask_price | tonumber) and (.best_bid_quantity | type) == "string"
          and (.best_ask_quantity | type) == "string") | all)
        """#
      #expect(try await jq(quotes) == "true")
      #expect(try await jq("[.[].id | select(. == null)] | length") == "0")
      #expect(try await jq("([.[].id] | length) == ([.[].id] | unique | length)") == "true")
      let heartbeats = try Subscriber(server, "health.collector.*")
      var beat: [String] = []
      try await poll("a heartbeat") {
        beat += heartbeats.drain()
        return !beat.isEmpty
      }
      #expect(beat.first?.contains("\"collector\":") == true)
      try await collector.stop()
    }

    @Test("required NATS that does not come: listeners answer at once, not ready, then status 69 with one line")
    func requiredAbsent() async throws {
      let started = ContinuousClock.now
      let collector = try await Collector(try await configuration(optional: false), in: scratch)
      #expect(try await collector.get("/health/ready").status == 503)
      #expect(try await collector.get("/health/live").status == 200)
      #expect(try await collector.admin("health").contains("state: starting"))
      #expect(collector.program.end == nil)
      #expect(try await collector.program.ending() == .exit(69))
      #expect(ContinuousClock.now - started > .seconds(2))
      let lines = collector.program.errorLines.filter { $0.hasPrefix("marketprism-collector: ") }
      #expect(lines.count == 1)
      for words in [
        "nats.optional: false", "nats.startup_timeout (2 s)", "connection refused (127.0.0.1:\(server.port))",
      ] {
        #expect(lines.first?.contains(words) == true, "\(lines)")
      }
      #expect(!Files.exists(collector.socket))
    }

    @Test("required NATS that is there: ready; gone: ready for the grace, then not, and alive; back: ready")
    func requiredPresent() async throws {
      try await server.start()
      let collector = try await Collector(try await configuration(optional: false), in: scratch)
      try await collector.untilSynchronised(books: 2)
      try await collector.until("/health", #".status == "healthy""#)
      #expect(try await collector.get("/health/ready").status == 200)
      try await server.kill()
      let killed = ContinuousClock.now
      try await collector.until("/status", ".nats.connected | not", within: .seconds(2))
      #expect(try await collector.get("/health/ready").status == 200)
      try await collector.until("/health/ready", ".ready | not")
      #expect(ContinuousClock.now - killed >= .seconds(3))
      #expect(try await collector.get("/health/ready").status == 503)
      #expect(try await collector.get("/health").status == 503)
      #expect(try await collector.get("/health/live").status == 200)
      #expect(try await collector.jq("/health", ".checks.nats_connection.status") == "fail")
      // The data goes on.
      try await collector.until("/status", ".nats.events.no_nats > 0")
      #expect(collector.program.end == nil)
      try await server.start()
      try await collector.until("/health/ready", ".ready")
      #expect(try await collector.get("/health/ready").status == 200)
      try await collector.stop()
    }
  }
}
