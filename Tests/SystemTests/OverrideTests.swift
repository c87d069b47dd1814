import Testing

extension ProgramTests {
  @Suite("Overrides of a running collector")
  struct OverrideTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(natsPort: Int = 1) async throws -> (Collector, Configuration) {
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: natsPort)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      return (collector, configuration)
    }

    @Test("a paused entry closes its sessions, degrades and says so, stays paused over a reload, and comes back")
    func pause() async throws {
      var (collector, configuration) = try await start()
      let pause = "exchange pause binance-spot reason maintenance"
      #expect(try await collector.trailer(pause) == "OK exchange=binance-spot paused=yes changed=true generation=1")
      #expect(try await collector.trailer(pause) == "OK exchange=binance-spot paused=yes changed=false generation=1")
      #expect(try await collector.admin("exchange list").contains("binance-spot/1 down state=paused "))
      let health = try await collector.admin("health")
      #expect(health.contains("check.exchange_connections: pass 1/1 sessions up, paused: binance-spot\n"), "\(health)")
      #expect(health.contains("override active: exchange.binance-spot=paused by uid "), "\(health)")
      #expect(health.contains("\nready: yes\n"))
      let overrides = try await collector.admin("overrides")
      #expect(overrides.contains(": maintenance\nOK overrides=1 generation=1"), "\(overrides)")
      let refused = try await collector.trailer("exchange reconnect binance-spot")
      #expect(refused.hasPrefix("ERR 503 not-ready: binance-spot is paused"), "\(refused)")
      let verify = try await collector.trailer("book verify binance spot BTCUSDT")
      #expect(verify.hasPrefix("ERR 503 not-ready: the book is not synchronised: disconnected"), "\(verify)")
      #expect(try await collector.trailer("wait connected 5").hasPrefix("OK"))

      configuration.spot = ["BTCUSDT", "ETHUSDT"]
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").contains("changed=true"))
      #expect(try await collector.admin("exchange list").contains("binance-spot/1 down state=paused "))

      #expect(try await collector.trailer("exchange resume binance-spot").contains("paused=no changed=true"))
      #expect(try await collector.trailer("exchange resume binance-spot").contains("paused=no changed=false"))
      try await collector.untilSynchronised(books: 3)
      #expect(try await collector.trailer("overrides") == "OK overrides=0 generation=2")
      try await collector.stop()
    }

    @Test("a pause with an end comes back by itself")
    func timedPause() async throws {
      let (collector, _) = try await start()
      let reply = try await collector.trailer("exchange pause binance-perpetual for 2s")
      #expect(reply.contains(" until=2"), "\(reply)")
      #expect(try await collector.admin("exchange list").contains("binance-perpetual/1 down state=paused "))
      try await poll("the pause is over") { try await collector.trailer("overrides").hasPrefix("OK overrides=0 ") }
      try await collector.untilSynchronised(books: 2)
      try await collector.stop()
    }

    @Test("a log level survives reloads of other keys and gives way when the file's own changes")
    func logLevel() async throws {
      var (collector, configuration) = try await start()
      #expect(try await collector.trailer("log level info").contains("changed=false"))
      #expect(
        try await collector.trailer("log level debug") == "OK level=debug previous=info changed=true generation=1")
      #expect(try await collector.trailer("log level debug").contains("previous=debug changed=false"))
      #expect(try await collector.trailer("log level feeds error").contains("previous=debug changed=true"))
      configuration.grace = "4s"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").contains("changed=true"))
      #expect(try await collector.admin("overrides").contains("collector.log_level=debug by uid "))
      configuration.logLevel = "notice"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").contains("changed=true"))
      let left = try await collector.admin("overrides")
      #expect(
        left.hasPrefix("log_level.feeds=error by uid ") && left.hasSuffix("OK overrides=1 generation=3"), "\(left)")
      #expect(try await collector.trailer("overrides clear") == "OK cleared=1 changed=true generation=3")
      #expect(try await collector.trailer("overrides clear") == "OK cleared=0 changed=false generation=3")
      #expect(try await collector.trailer("log level feeds notice").contains("changed=false"))
      try await collector.stop()
    }

    @Test("overrides clear takes one key, and a key that cannot be overridden is answered with the one that was meant")
    func clear() async throws {
      let (collector, _) = try await start()
      #expect(try await collector.trailer("nats required force reason test").contains("changed=true"))
      #expect(try await collector.trailer("exchange pause binance-spot").contains("changed=true"))
      let wrong = try await collector.trailer("overrides clear nats.optionl")
      #expect(
        wrong
          == "ERR 404 unknown-key: \"nats.optionl\" is nothing that can be overridden; did you mean \"nats.optional\"? "
          + "generation=1")
      #expect(try await collector.trailer("overrides clear drain").contains("cleared=0 changed=false"))
      #expect(try await collector.trailer("overrides clear nats.optional").contains("cleared=1 changed=true"))
      #expect(try await collector.trailer("nats status").contains("policy=optional source=file"))
      #expect(try await collector.admin("overrides").hasPrefix("exchange.binance-spot=paused by uid "))
      #expect(try await collector.trailer("overrides clear exchange.binance-spot").contains("cleared=1"))
      try await collector.untilSynchronised(books: 2)
      try await collector.stop()
    }

    @Test("drain closes the sessions, has everything confirmed and is not ready; undrain takes it back")
    func drain() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      let (collector, _) = try await start(natsPort: server.port)
      try await collector.until("/status", ".nats.connected")
      async let waited = collector.trailer("wait drained 20")
      #expect(try await collector.trailer("drain") == "OK state=draining changed=true generation=1")
      #expect(try await waited.hasPrefix("OK drained=yes "))
      #expect(try await collector.trailer("drain") == "OK state=draining changed=false generation=1")
      #expect(try await collector.get("/health/ready").status == 503)
      #expect(try await collector.trailer("health").hasPrefix("OK state=draining"))
      #expect(try await collector.admin("exchange list").contains("binance-spot/1 down "))
      let events = #".nats.events | [.no_nats, .unconfirmed, .outbox_full, .failed] | add"#
      #expect(try await collector.jq("/status", events) == "0")
      #expect(try await collector.trailer("undrain").contains("changed=true"))
      #expect(try await collector.trailer("undrain").contains("changed=false"))
      try await collector.untilSynchronised(books: 2)
      #expect(try await collector.get("/health/ready").status == 200)
      try await collector.stop()
    }

    @Test("shutdown answers first and ends the collector as SIGTERM does")
    func shutdown() async throws {
      let (collector, _) = try await start()
      #expect(try await collector.trailer("shutdown") == "OK state=stopping changed=true generation=1")
      #expect(try await collector.program.ending(within: .seconds(5)) == .exit(0))
      #expect(!Files.exists(collector.socket))
    }
  }
}
