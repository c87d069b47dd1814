import Glibc
import Testing

extension ProgramTests {
  @Suite("The HTTP API of a running collector")
  struct HTTPTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(_ change: (inout Configuration) -> Void = { _ in }) async throws -> (Collector, Exchange) {
      let exchange = try await Exchange(in: scratch)
      var configuration = Configuration(exchange: exchange, spot: ["BTCUSDT", "ETHUSDT"])
      change(&configuration)
      return (try await Collector(configuration, in: scratch), exchange)
    }

    @Test("health, status and info tell what is true of the configuration and the sessions")
    func reports() async throws {
      let (collector, exchange) = try await start()
      try await collector.untilSynchronised(books: 3)
      #expect(try await collector.jq("/health", ".service") == "marketprism-collector")
      #expect(try await collector.get("/health/live").status == 200)
      #expect(try await collector.jq("/health/ready", ".ready") == "true")
      #expect(
        try await collector.jq("/health", ".checks.exchange_connections.observed_value") == "2/2 sessions up")
      let info = try await collector.get("/api/v1/data-center/info")
      let file = try scratch.write(info.body, to: "info.json")
      #expect(
        try await Shell.jq(".supported_symbols", file: file, in: scratch) == #"{"binance":["BTC-USDT","ETH-USDT"]}"#)
      #expect(try await Shell.jq(".capabilities.nats_streaming", file: file, in: scratch) == "false")
      #expect(try await Shell.jq(".capabilities.orderbook_manager", file: file, in: scratch) == "true")
      // Every endpoint that is advertised is there.
      let paths = try await Shell.jq(".endpoints[]", file: file, in: scratch).split(separator: "\n")
      #expect(paths.count >= 9)
      for path in paths where path.hasPrefix("/") {
        let path = String(path).replacing("{exchange}", with: "binance").replacing("{symbol}", with: "ETHUSDT")
        #expect(try await collector.get(path).status == 200, "\(path)")
      }
      #expect(
        try await collector.jq("/status", #".exchanges["binance-spot"] | [.is_connected, .reconnect_count, .errors]"#)
          == "[true,0,0]")
      let before = try await collector.jq("/status", #".exchanges["binance-spot"].messages_received"#)
      try await collector.until("/status", #".exchanges["binance-spot"].messages_received > \#(before)"#)
      exchange.program.send(SIGTERM)
      #expect(try await exchange.program.ending() == .exit(0))
      try await collector.until(
        "/status", #"(.exchanges["binance-spot"].is_connected | not) and .collector.health == "degraded""#)
      try await collector.stop()
    }

    @Test("the book over HTTP is the book over the socket, and the exchange's own, once the market stands still")
    func books() async throws {
      let (collector, exchange) = try await start()
      try await collector.untilSynchronised(books: 3)
      let book = "/api/v1/orderbook/binance/BTCUSDT?market=spot&depth=5&format=simple"
      let fresh = try await collector.get("/api/v1/snapshot/binance/BTCUSDT?market=spot&depth=5")
      #expect(fresh.status == 200, "\(fresh.body)")
      let freshFile = try scratch.write(fresh.body, to: "fresh.json")
      #expect(
        try await Shell.jq(#"[.source, .synchronised, (.bids|length), (.asks|length)]"#, file: freshFile, in: scratch)
          == #"["exchange",true,5,5]"#)
      let sequence = try await Shell.jq(".sequence", file: freshFile, in: scratch)
      try await collector.until(
        "/api/v1/snapshot/binance/BTCUSDT/cached?market=spot",
        #".source == "book" and .synchronised and .sequence >= \#(sequence) and .age_ms < 5000"#)
      exchange.program.send(SIGSTOP)
      // What was on its way arrives; then two answers a moment apart are the same.
      var levels = ""
      try await poll("the book stands still") {
        let now = try await collector.jq(book, "[.bids, .asks]")
        defer { levels = now }
        return now == levels && !now.isEmpty
      }
      let shown = try await collector.admin("book show binance spot BTCUSDT 5").split(separator: "\n")
      let text = try await collector.jq(
        book, #"([.asks | reverse[] | "ask \(.[0]) \(.[1])"] + [.bids[] | "bid \(.[0]) \(.[1])"])[]"#)
      #expect(shown.dropLast().joined(separator: "\n") == text)
      #expect(shown.count == 11)
      let legacy = "/api/v1/orderbook/binance/BTC-USDT?market=spot&depth=5&format=legacy"
      #expect(
        try await collector.jq(legacy, "[([.bids[]|[.price,.quantity]]),([.asks[]|[.price,.quantity]])]") == levels)
      let enhanced = "/api/v1/orderbook/binance/BTCUSDT?market=spot&depth=5"
      #expect(try await collector.jq(enhanced, ".is_synced and .is_valid and .depth_levels == 5") == "true")
      #expect(
        try await collector.jq("/api/v1/snapshot/binance/BTCUSDT/cached?market=spot&depth=5", "[.bids,.asks]") == levels
      )
      // The exchange answers nothing now, so a real-time snapshot cannot be had, and is not made up.
      let silent = try await collector.get("/api/v1/snapshot/binance/BTCUSDT?market=spot", "--max-time 25")
      #expect(silent.status == 503 || silent.status == 504, "\(silent.body)")
      exchange.program.send(SIGCONT)
      try await collector.stop()
    }

    @Test("errors have the one shape, with the code that fits")
    func errors() async throws {
      let (collector, _) = try await start()
      try await collector.untilSynchronised(books: 3)
      let cases: [(path: String, options: String, status: Int, code: String)] = [
        ("/nothing", "", 404, "unknown-path"),
        ("/api/v1/orderbook/okx/BTCUSDT", "", 404, "unknown-exchange"),
        ("/api/v1/orderbook/binance/DOGEUSDT?market=spot", "", 404, "unknown-symbol"),
        ("/api/v1/orderbook/binance/ETHUSDT?market=perpetual", "", 404, "unknown-symbol"),
        ("/api/v1/orderbook/binance/BTCUSDT", "", 400, "bad-argument"),
        ("/api/v1/orderbook/binance/BTCUSDT?market=spot&depth=0", "", 400, "bad-argument"),
        ("/api/v1/orderbook/binance/BTCUSDT?market=spot&format=xml", "", 400, "bad-argument"),
        ("/api/v1/orderbook/binance/BTCUSDT?colour=red", "", 400, "bad-argument"),
        ("/health", "-X POST", 405, "method-not-allowed"),
      ]
      for row in cases {
        let reply = try await collector.get(row.path, row.options)
        #expect(reply.status == row.status, "\(row.path): \(reply.status) \(reply.body)")
        #expect(reply.headers["content-type"] == "application/json")
        let file = try scratch.write(reply.body, to: "error.json")
        let shape = #"[.error.code, (.error.message|type), (.error.details|type)]"#
        #expect(try await Shell.jq(shape, file: file, in: scratch) == #"["\#(row.code)","string","object"]"#)
      }
      #expect(try await collector.get("/health", "-X POST").headers["allow"]?.contains("GET") == true)
      try await collector.stop()
    }

    @Test("a book that is not synchronised is refused, and shown only where the answer can say so")
    func unsynchronised() async throws {
      let exchange = try await Exchange(in: scratch, ["--fault", "rest-429:100000"])
      let collector = try await Collector(Configuration(exchange: exchange), in: scratch)
      try await collector.until("/status", "[.exchanges[].is_connected] | all")
      for path in ["/api/v1/snapshot/binance/BTCUSDT/cached", "/api/v1/orderbook/binance/BTCUSDT"] {
        let reply = try await collector.get("\(path)?market=spot" + (path.hasSuffix("cached") ? "" : "&format=simple"))
        #expect(reply.status == 503)
        #expect(reply.body.contains(#""code":"not-ready""#))
      }
      #expect(try await collector.jq("/api/v1/orderbook/binance/BTCUSDT?market=spot", ".is_synced") == "false")
      #expect(try await collector.trailer("book show binance spot BTCUSDT").hasPrefix("ERR 503 not-ready"))
      #expect(try await collector.jq("/health", ".checks.orderbooks.status") == "warn")
      try await collector.stop()
    }

    @Test("metrics are Prometheus text that its own tool accepts, and the counts are the real ones")
    func metrics() async throws {
      let (collector, _) = try await start()
      try await collector.untilSynchronised(books: 3)
      let reply = try await collector.get("/metrics")
      #expect(reply.status == 200)
      #expect(reply.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
      let file = try scratch.write(reply.body, to: "metrics.txt")
      if try await Shell.run("command -v promtool", in: scratch).ending == .exit(0) {
        let check = try await Shell.run("promtool check metrics < \(file)", in: scratch)
        #expect(check.ending == .exit(0), "\(check.output)\(check.errors)")
      }
      func value(_ series: String) -> Double? {
        reply.body.split(separator: "\n").first { $0.hasPrefix(series + " ") }
          .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
      }
      let spot = #"{exchange="binance",market="spot",name="binance-spot"}"#
      #expect(value("marketprism_books\(spot)") == 2)
      #expect(value("marketprism_book_synchronised\(spot)") == 2)
      #expect(value("marketprism_session_connected\(spot)") == 1)
      #expect(value("marketprism_nats_connected") == 0)
      #expect(value(#"marketprism_health_state{state="degraded"}"#) == 1)
      #expect(value(#"marketprism_checkpoints_total{result="mismatched"}"#) == 0)
      let counted = try #require(value("marketprism_messages_received_total\(spot)"))
      #expect(counted > 0)
      #expect(
        try await collector.jq("/status", #".exchanges["binance-spot"].messages_received >= \#(Int(counted))"#)
          == "true")
      try await collector.stop()
    }
  }
}
