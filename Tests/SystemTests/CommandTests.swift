import Testing

extension ProgramTests {
  @Suite("Commands that look")
  struct CommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(natsPort: Int = 1) async throws -> Collector {
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: natsPort)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      return collector
    }

    /// What jq makes of the JSON form of a reply.
    private func jq(_ collector: Collector, _ command: String, _ filter: String) async throws -> String {
      let pipeline =
        "echo \(Shell.quoted("json " + command)) | socat - UNIX-CONNECT:\(collector.socket) | jq -cr \(Shell.quoted(filter))"
      let outcome = try await Shell.run(pipeline, in: scratch)
      #expect(outcome.ending == .exit(0), "\(command) | \(filter): \(outcome.errors)")
      return outcome.output.split(separator: "\n").joined(separator: "\n")
    }

    @Test("stats has what /metrics has, a sample a line, and its page as it is")
    func stats() async throws {
      let collector = try await start()
      let lines = try await collector.admin("stats").split(separator: "\n")
      #expect(
        lines.contains { $0.hasPrefix("marketprism_messages_received_total{exchange=\"binance\",market=\"spot\"") })
      #expect(lines.last?.hasPrefix("OK samples=\(lines.count - 1) ") == true)
      let page = try await collector.admin("stats prometheus")
      #expect(page.contains(" # TYPE marketprism_messages_received_total counter\n"))
      #expect(try await jq(collector, "stats", ".data.samples.marketprism_generation") == "1")
      try await collector.stop()
    }

    @Test("watch rates gives a line a second, watch health one at the beginning, and both end when their time is over")
    func watch() async throws {
      let collector = try await start()
      let rates = try await collector.admin("watch rates 2").split(separator: "\n")
      #expect(rates.count == 3)
      #expect(rates.last == "OK lines=2 generation=1")
      #expect(rates[0].contains(" sessions=2/2 books=2/2 ") && rates[0].contains(" binance-spot="))
      let received = rates[0].firstMatch(of: /received=(\d+)/).flatMap { Int($0.1) } ?? 0
      #expect(received > 0)
      let health = try await collector.admin("watch health 1").split(separator: "\n")
      #expect(health.first?.hasSuffix("state=degraded ready=yes warn=nats_connection") == true, "\(health)")
      #expect(health.last == "OK state=degraded changes=0 generation=1")
      #expect(try await jq(collector, "watch rates 1", ".data.lines | length") == "1")
      try await collector.stop()
    }

    @Test("watch events shows what happens to sessions and books as it happens")
    func events() async throws {
      let collector = try await start()
      async let watched = collector.admin("watch events 4")
      try await Task.sleep(for: .milliseconds(500))
      #expect(try await collector.trailer("book resync binance spot BTCUSDT").contains("changed=true"))
      #expect(try await collector.trailer("exchange reconnect binance-perpetual").contains("changed=true"))
      #expect(try await collector.trailer("log level debug for 1s").contains("changed=true"))
      let lines = try await watched.split(separator: "\n")
      let words = lines.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
      #expect(words.contains("book_lost binance spot BTC-USDT a resynchronisation was asked for"))
      #expect(words.contains("book_synchronised binance spot BTC-USDT"))
      #expect(words.contains { $0.hasPrefix("session_down binance-perpetual/1 closed by us; retrying in ") })
      #expect(words.contains("session_up binance-perpetual/1"))
      #expect(words.contains { $0.hasPrefix("override_set collector.log_level=debug by uid ") })
      #expect(words.contains("override_ended collector.log_level expired"))
      #expect(lines.last?.contains(" lost=0 ") == true)
      try await collector.stop()
    }

    @Test("wait returns at once when it holds, and says what is missing when its time is over")
    func wait() async throws {
      let collector = try await start()
      for what in ["ready", "connected"] {
        let reply = try await collector.trailer("wait \(what) 5")
        #expect(reply.hasPrefix("OK \(what)=yes waited_ms="), "\(reply)")
      }
      let missing = try await collector.trailer("wait drained 1")
      #expect(missing.hasPrefix("ERR 504 timeout: not drained after 1 s: draining was not asked for"), "\(missing)")
      #expect(try await collector.trailer("nats required force").hasPrefix("OK"))
      let connected = try await collector.trailer("wait connected 0")
      #expect(connected.hasPrefix("ERR 504 timeout: not connected after 0 s: nats "), "\(connected)")
      let ready = try await collector.trailer("wait ready 0")
      #expect(ready.hasPrefix("ERR 504 timeout: not ready after 0 s: nats_connection: required"), "\(ready)")
      try await collector.stop()
    }

    @Test("exchange list and show say the same in lines and in JSON; a wrong name is answered with the right one")
    func exchanges() async throws {
      let collector = try await start()
      let list = try await collector.admin("exchange list").split(separator: "\n")
      #expect(list.count == 3 && list[0].hasPrefix("binance-spot/1 up state=open received="))
      #expect(
        try await jq(collector, "exchange list", "[.data.sessions[].entry]") == #"["binance-spot","binance-perpetual"]"#
      )
      let show = try await collector.admin("exchange show binance-spot")
      for line in ["market_type: spot", "paused: no", "symbols: BTC-USDT", "data_types: trade orderbook ticker"] {
        #expect(show.contains("\n\(line)\n"), "\(show)")
      }
      #expect(try await jq(collector, "exchange show binance-spot", ".data.books[0].synchronised") == "true")
      for command in ["show", "pause", "resume", "reconnect"] {
        let reply = try await collector.trailer("exchange \(command) binance-spt")
        #expect(
          reply == "ERR 404 unknown-exchange: unknown exchange entry \"binance-spt\"; did you mean \"binance-spot\"? "
            + "generation=1")
      }
      try await collector.stop()
    }

    @Test("a live book agrees with a fresh snapshot, and a book that is thrown away comes back")
    func books() async throws {
      let collector = try await start()
      for market in ["spot", "perpetual"] {
        let verdict = try await collector.admin("book verify binance \(market) BTCUSDT 50")
        #expect(verdict.contains("OK verdict=ok agree="), "\(verdict)")
      }
      #expect(try await jq(collector, "book verify binance spot BTCUSDT", ".data | .verdict, .differ") == "ok\n0")
      let resync = try await collector.trailer("book resync binance spot BTC-USDT")
      #expect(resync.contains(" resyncs=1 changed=true "), "\(resync)")
      #expect(try await collector.admin("book list").contains("binance spot BTC-USDT synchronised"))
      #expect(try await jq(collector, "book list", "[.data.books[].resynchronisations]") == "[1,0]")
      for command in ["verify", "resync"] {
        let symbol = try await collector.trailer("book \(command) binance spot BTCUSD")
        #expect(
          symbol.hasPrefix("ERR 404 unknown-symbol: ") && symbol.contains("did you mean \"BTCUSDT\"?"), "\(symbol)")
        let exchange = try await collector.trailer("book \(command) binanc spot BTCUSDT")
        #expect(exchange.hasPrefix("ERR 404 unknown-exchange: "), "\(exchange)")
        let market = try await collector.trailer("book \(command) binance spit BTCUSDT")
        #expect(market.hasPrefix("ERR 400 bad-argument: ") && market.contains("did you mean \"spot\"?"), "\(market)")
      }
      try await collector.stop()
    }

    @Test("nats reconnect drops the link and dials again; without a server it says so")
    func reconnectNATS() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      let collector = try await start(natsPort: server.port)
      try await collector.until("/status", ".nats.connected")
      let reply = try await collector.trailer("nats reconnect")
      #expect(reply == "OK state=up connects=2 changed=true generation=1")
      try await server.kill()
      try await collector.until("/status", ".nats.connected | not")
      let down = try await collector.trailer("nats reconnect")
      #expect(down.hasPrefix("ERR 409 dependency-down: NATS was dialled again and is not up after 5 s: "), "\(down)")
      try await collector.stop()
    }
  }
}
