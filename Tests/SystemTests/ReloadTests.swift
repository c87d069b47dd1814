import Glibc
import Testing

extension ProgramTests {
  @Suite("Reload")
  struct ReloadTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(
      _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> (Collector, Configuration) {
      var configuration = Configuration(exchange: try await Exchange(in: scratch))
      change(&configuration)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: configuration.spot.count + configuration.perpetual.count)
      return (collector, configuration)
    }

    @Test("symbols come and go on a session that stays connected, and other books stay synchronised")
    func symbols() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      var (collector, configuration) = try await start { $0.natsPort = server.port }
      try await collector.until("/status", ".nats.connected")
      let sessions = "[.exchanges[] | .connected_at, .reconnect_count, .last_disconnect]"
      let before = try await collector.jq("/status", sessions)
      let added = try Subscriber(server, "*.binance.spot.ETH-USDT")

      configuration.spot = ["BTCUSDT", "ETHUSDT"]
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      try await collector.untilSynchronised(books: 3)
      try await added.collect(30, into: "\(scratch.path)/added.jsonl")
      #expect(try await collector.get("/api/v1/orderbook/binance/ETHUSDT?market=spot&format=simple").status == 200)
      let types = try await Shell.jq(
        "[.[].payload.data_type] | unique", file: "\(scratch.path)/added.jsonl", "-s", in: scratch)
      #expect(types.contains("orderbook") && types.contains("ticker"))
      #expect(try await collector.jq("/status", sessions) == before)
      let books = "[.orderbook_manager.exchanges[] | .gaps, .resynchronisations] | add"
      #expect(try await collector.jq("/status", books) == "0")

      configuration.spot = ["ETHUSDT"]
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=3")
      try await collector.until("/status", #".exchanges["binance-spot"].symbols == ["ETH-USDT"]"#)
      try await collector.untilSynchronised(books: 2)
      #expect(try await collector.get("/api/v1/orderbook/binance/BTCUSDT?market=spot").status == 404)
      #expect(try await collector.trailer("book show binance spot BTCUSDT").hasPrefix("ERR 404 unknown-symbol"))
      let removed = try Subscriber(server, "*.binance.spot.BTC-USDT")
      let stayed = try Subscriber(server, "*.binance.spot.ETH-USDT")
      try await stayed.collect(30, into: "\(scratch.path)/stayed.jsonl")
      #expect(removed.drain().isEmpty)
      #expect(try await collector.jq("/status", sessions) == before)
      #expect(try await collector.jq("/status", books) == "0")
      #expect(try await collector.jq("/status", "[.exchanges[].errors] | add") == "0")
      try await collector.stop()
    }

    @Test("the log level and nats.optional change live, and the same content changes nothing")
    func values() async throws {
      var (collector, configuration) = try await start()
      #expect(try await collector.trailer("reload") == "OK changed=false changes=0 generation=1")
      configuration.logLevel = "warning"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").hasPrefix("OK changed=true changes=1"))
      #expect(
        try await collector.trailer("log level warning")
          == "OK level=warning previous=warning changed=false generation=2")
      configuration.optional = false
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").hasPrefix("OK changed=true changes=1"))
      #expect(try await collector.get("/health/ready").status == 503)
      #expect(try await collector.admin("health").contains("state: failing"))
      #expect(collector.program.end == nil)
      try await collector.stop()
    }

    @Test("a wrong file is refused with every error's place, and what ran goes on and says so")
    func refused() async throws {
      var (collector, configuration) = try await start()
      configuration.more = "natz: {}\nproxi: {}"
      try collector.rewrite(configuration)
      let reply = try await collector.admin("reload").split(separator: "\n")
      #expect(reply.count == 3)
      for line in reply.dropLast() {
        #expect(line.wholeMatch(of: /.*\/collector\.yaml:\d+:1: (natz|proxi): unknown key.*/) != nil, "\(line)")
      }
      #expect(
        reply.last == "ERR 422 invalid-config: 2 errors, generation 1 still active errors=2 generation=1")
      #expect(try await collector.jq("/health", ".details.ready") == "true")
      #expect(try await collector.jq("/health", ".checks.config | .status") == "warn")
      #expect(try await collector.jq("/health", ".checks.config.output").contains("natz: unknown key"))
      #expect(
        try await collector.jq("/status", "[.collector.generation, ([.exchanges[].is_connected] | all)]") == "[1,true]")
      configuration.more = ""
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=false changes=0 generation=1")
      #expect(try await collector.jq("/health", ".checks.config | .status") == "pass")
      try await collector.stop()
    }

    @Test("a change that needs a restart refuses the whole file and names key and place")
    func restart() async throws {
      var (collector, configuration) = try await start()
      configuration.stateDirectory = "/elsewhere"
      configuration.spot = ["BTCUSDT", "ETHUSDT"]
      try collector.rewrite(configuration)
      let reply = try await collector.admin("reload").split(separator: "\n")
      #expect(reply.count == 2)
      #expect(
        reply.first?.hasSuffix(
          "collector.yaml:1:62: collector.state_directory: /var/lib/marketprism → /elsewhere (restart)") == true,
        "\(reply)")
      #expect(
        reply.last?.hasPrefix("ERR 409 restart-required: a restart is needed for collector.state_directory;") == true)
      // Nothing of it, not even what could have been applied.
      #expect(try await collector.jq("/status", #".exchanges["binance-spot"].symbols"#) == #"["BTC-USDT"]"#)
      try await collector.stop()
    }

    @Test("dry-run tells and changes nothing; if-generation guards")
    func guarded() async throws {
      var (collector, configuration) = try await start()
      configuration.perpetual = ["BTCUSDT", "ETHUSDT"]
      try collector.rewrite(configuration)
      let dry = try await collector.admin("reload dry-run")
      #expect(dry.contains("exchanges[1].symbols: [BTCUSDT] → [BTCUSDT, ETHUSDT] (hot)"))
      #expect(dry.hasSuffix("OK changed=false changes=1 generation=1"))
      #expect(
        try await collector.trailer("reload if-generation 9")
          == "ERR 412 generation-mismatch: generation 1 is active, not 9 generation=1")
      #expect(try await collector.jq("/status", #".exchanges["binance-perpetual"].symbols"#) == #"["BTC-USDT"]"#)
      #expect(try await collector.trailer("reload if-generation 1") == "OK changed=true changes=1 generation=2")
      try await collector.untilSynchronised(books: 3)
      try await collector.stop()
    }

    @Test("SIGHUP reloads, and one after a wrong file is refused in the log")
    func hangup() async throws {
      var (collector, configuration) = try await start()
      configuration.spot = ["BTCUSDT", "ETHUSDT"]
      try collector.rewrite(configuration)
      collector.program.send(SIGHUP)
      try await collector.until("/status", ".collector.generation == 2")
      try await collector.untilSynchronised(books: 3)
      configuration.more = "natz: {}"
      try collector.rewrite(configuration)
      collector.program.send(SIGHUP)
      try await poll("the refusal in the log") { collector.program.errors.contains("reload refused: 1 error") }
      #expect(collector.program.errors.contains("natz: unknown key"))
      #expect(try await collector.jq("/status", ".collector.generation") == "2")
      try await collector.stop()
    }

    @Test("reloads of several clients at once are all answered, one after another")
    func crowd() async throws {
      let (collector, _) = try await start()
      let outcome = try await Shell.run(
        "for i in $(seq 8); do echo 'reload; reload; reload' | socat - UNIX-CONNECT:\(collector.socket) & done; wait",
        in: scratch)
      #expect(
        outcome.output.split(separator: "\n").filter { $0 == "OK changed=false changes=0 generation=1" }.count == 24)
      try await collector.stop()
    }

    @Test("SIGHUP from the first statement on does not end it", arguments: 1...20)
    func hangupAtOnce(round: Int) async throws {
      let file = try scratch.write(
        Configuration(exchange: try await Exchange(in: scratch)).text(socket: "\(scratch.path)/c/c.sock"), to: "c.yaml")
      let program = try Binary.start(["run", "--config", file], in: scratch)
      // Before its first statement no program can do anything; the kernel shows when that has run.
      try await poll("SIGHUP is ignored or caught") {
        try #require(program.end == nil)
        return Files.text("/proc/\(program.pid)/status").contains(/Sig(Ign|Cgt):\s*[0-9a-f]*[13579bdf]\n/)
      }
      var sent = 0
      try await poll("it listens: \(program.errors)") {
        program.send(SIGHUP)
        sent += 1
        return program.errors.contains("main: listening")
      }
      #expect(sent > 0)
      program.send(SIGHUP)
      program.send(SIGTERM)
      #expect(try await program.ending() == .exit(0))
    }
  }
}
