import Testing
import VenueSimulator

@Suite("The simulated exchange", .serialized)
struct SimulatorTests {
  static let busy = SimulatorConfiguration(eventsPerSecond: 2000)

  @Test(
    "a reader with a snapshot and the stream arrives at the true book",
    arguments: [
      (SimulatedMarket.spot, "/spot/stream?streams=btcusdt@depth@100ms", "/spot/api/v3/depth"),
      (.usdm, "/usdm/public/stream?streams=btcusdt@depth@0ms", "/usdm/fapi/v1/depth"),
    ])
  func readerArrivesAtTheTrueBook(market: SimulatedMarket, stream: String, depth: String) async throws {
    try await withSimulator(Self.busy) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: stream)
      try client.frames { $0.opcode == 1 }
      let limit = market == .spot ? 5000 : 1000
      let answer = try SocketClient.get(port: endpoints.port, "\(depth)?symbol=BTCUSDT&limit=\(limit)")
      var book = ReaderBook(try decode(SnapshotMessage.self, answer.body))
      var applied = 0
      func read(_ frame: SocketClient.Frame) throws {
        guard frame.opcode == 1, let (_, payload) = split(frame) else { return }
        book.apply(try decode(DepthMessage.self, payload))
        applied += 1
      }
      try client.frames { frame in
        try read(frame)
        return applied == 15
      }
      simulator.setEventsPerSecond(0)
      while case .frame(let frame) = client.next(seconds: 0.5) { try read(frame) }
      let truth = try #require(simulator.truth(market: market, symbol: "BTCUSDT"))
      #expect(book.gaps == 0)
      #expect(book.lastUpdateID == truth.lastUpdateID)
      #expect(book.side(.bid) == truth.bids)
      #expect(book.side(.ask) == truth.asks)
    }
  }

  @Test("subscribing, listing, unsubscribing and refusing at run time")
  func subscriptions() async throws {
    try await withSimulator(Self.busy) { _, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/spot/ws")
      func answer(_ request: String) throws -> String {
        client.send(text: request)
        return try #require(client.frames { $0.text.contains("\"id\":") }.last).text
      }
      let subscribe = "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":1}"
      #expect(try answer(subscribe) == "{\"result\":null,\"id\":1}")
      // A raw stream has no envelope.
      try client.frames { $0.text.hasPrefix("{\"u\":") }
      #expect(
        try answer("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":2}") == "{\"result\":[\"btcusdt@bookTicker\"],\"id\":2}")
      let unknown = try answer("{\"method\":\"SUBSCRIBE\",\"params\":[\"nosuch@trade\"],\"id\":3}")
      #expect(unknown.hasPrefix("{\"error\":{\"code\":2,\"msg\":") && unknown.hasSuffix("\"id\":3}"))
      #expect(
        try answer("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":4}")
          == "{\"result\":null,\"id\":4}")
      #expect(client.next(seconds: 0.3) == .timeout)
    }
  }

  @Test("a stream asked for on the wrong USD-M path is silent")
  func misrouted() async throws {
    try await withSimulator(Self.busy) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/usdm/market/stream?streams=btcusdt@bookTicker")
      #expect(client.next(seconds: 0.3) == .timeout)
      #expect(simulator.statistics.misroutedSubscriptions == 1)
      let right = try SocketClient(port: endpoints.port, stream: "/usdm/market/stream?streams=btcusdt@aggTrade")
      try right.frames { $0.text.contains("aggTrade") }
    }
  }

  @Test("REST speaks to curl: snapshots, weights, refusals")
  func rest() async throws {
    try await withSimulator(SimulatorConfiguration()) { simulator, endpoints in
      let curl = "curl -s -i --max-time 5 '\(endpoints.usdmRESTURL)/fapi/v1"
      let depth = try output(of: "\(curl)/depth?symbol=ETHUSDT&limit=5'")
      #expect(depth.hasPrefix("HTTP/1.1 200") && depth.contains("X-MBX-USED-WEIGHT-1M: 2"))
      #expect(depth.contains("{\"lastUpdateId\":") && depth.contains("\"E\":") && depth.contains("\"bids\":[[\""))
      let again = try output(of: "\(curl)/depth?symbol=ETHUSDT&limit=1000'")
      #expect(again.contains("X-MBX-USED-WEIGHT-1M: 22"))
      let unknown = try output(of: "\(curl)/depth?symbol=NOSUCH'")
      #expect(unknown.hasPrefix("HTTP/1.1 400") && unknown.contains("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"))
      #expect(try output(of: "\(curl)/depth'").contains("-1102"))
      #expect(try output(of: "\(curl)/depth?symbol=ETHUSDT&limit=7'").contains("-1130"))
      #expect(try output(of: "\(curl)/time'").contains("serverTime"))
      #expect(try output(of: "curl -s '\(endpoints.spotRESTURL)/api/v3/ping'") == "{}")
      #expect(try output(of: "curl -s -i '\(endpoints.spotRESTURL)/stream'").hasPrefix("HTTP/1.1 404"))
      #expect(simulator.statistics.snapshotsServed == 2)
    }
  }

  @Test("pings come, an answered one keeps the connection, an unanswered one ends it")
  func pings() async throws {
    let configuration = SimulatorConfiguration(pongTimeout: .milliseconds(600), enforcesMessageRate: false)
    try await withSimulator(configuration) { simulator, endpoints in
      simulator.setFaults([.ping(every: .milliseconds(100))])
      let polite = try SocketClient(port: endpoints.port, stream: "/spot/ws")
      for _ in 0..<8 {
        let ping = try #require(polite.frames { $0.opcode == 9 }.last)
        polite.send(opcode: 10, ping.payload)
      }
      let rude = try SocketClient(port: endpoints.port, stream: "/spot/ws")
      let goodbye = try #require(rude.frames { $0.opcode == 8 }.last)
      #expect(Array(goodbye.payload.prefix(2)) == [0x03, 0xF0])
      #expect(simulator.statistics.pongTimeouts >= 1)
      simulator.setFaults([.ping(every: .milliseconds(100)), .noPongCheck])
      let forgiven = try SocketClient(port: endpoints.port, stream: "/spot/ws")
      var pings = 0
      try forgiven.frames {
        pings += $0.opcode == 9 ? 1 : 0
        return pings == 8
      }
    }
  }

  @Test("a client that sends too much is closed with 1008")
  func messageRate() async throws {
    try await withSimulator(SimulatorConfiguration()) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/spot/ws")
      for id in 1...12 { client.send(text: "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":\(id)}") }
      try client.frames { $0.opcode == 8 }
      #expect(simulator.statistics.rateLimitedConnections == 1)
    }
  }

  @Test("a reader that does not read is closed and counted")
  func slowReader() async throws {
    var configuration = SimulatorConfiguration(eventsPerSecond: 20_000)
    configuration.maximumPendingBytes = 256 << 10
    try await withSimulator(configuration) { simulator, endpoints in
      let client = try SocketClient(
        port: endpoints.port,
        stream: "/usdm/public/stream?streams=btcusdt@depth@0ms/btcusdt@bookTicker/btcusdt@trade/ethusdt@depth@0ms",
        receiveBuffer: 4096)
      #expect(try await eventually(seconds: 20) { simulator.statistics.slowReadersClosed == 1 })
      withExtendedLifetime(client) {}
    }
  }

  @Test("an occupied port is an error")
  func occupiedPort() async throws {
    try await withSimulator(SimulatorConfiguration()) { _, endpoints in
      await #expect(throws: (any Error).self) {
        try await withSimulator(SimulatorConfiguration(port: endpoints.port)) { _, _ in }
      }
    }
  }
}
