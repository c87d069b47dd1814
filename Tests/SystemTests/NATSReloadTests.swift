import Testing

extension ProgramTests {
  @Suite("Moving to another nats-server by a reload")
  struct NATSReloadTests {
    let scratch: Scratch
    let old: NATSServer
    let new: NATSServer

    init() throws {
      scratch = try Scratch()
      old = try NATSServer(in: scratch)
      new = try NATSServer(in: scratch)
    }

    private func start() async throws -> (Collector, Configuration) {
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: old.port)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      return (collector, configuration)
    }

    @Test("events go to the new server and none is lost; exchanges and books do not notice")
    func moves() async throws {
      try await old.start()
      try await new.start()
      var (collector, configuration) = try await start()
      try await collector.until("/status", ".nats.connected and .nats.events.published > 0")
      let sessions = "[.exchanges[] | .connected_at, .reconnect_count, .last_disconnect]"
      let before = try await collector.jq("/status", sessions)
      let lost = try await collector.jq("/status", "[.nats.events | .no_nats, .unconfirmed, .failed]")
      let subscriber = try Subscriber(new, "trade.>")
      configuration.natsPort = new.port
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").hasPrefix("OK changed=true changes=1"))
      #expect(try await collector.jq("/status", ".nats.server_url") == "nats://127.0.0.1:\(new.port)")
      try await poll("trades at the new server") { !subscriber.drain().isEmpty }
      #expect(try await collector.jq("/status", sessions) == before)
      #expect(try await collector.jq("/status", "[.nats.events | .no_nats, .unconfirmed, .failed]") == lost)
      // Nothing holds on to the old server.
      try await old.kill()
      #expect(try await collector.jq("/status", ".nats.connected") == "true")
      try await collector.stop()
    }

    @Test("a server that is not there refuses the reload, names the place, and the link in use goes on")
    func refused() async throws {
      try await old.start()
      var (collector, configuration) = try await start()
      try await collector.until("/status", ".nats.connected")
      let since = try await collector.jq("/status", "[.nats.since, .nats.server_url]")
      configuration.natsPort = new.port
      try collector.rewrite(configuration)
      let reply = try await collector.admin("reload").split(separator: "\n")
      #expect(
        reply.contains { $0.contains("collector.yaml:") && $0.contains("connection refused (127.0.0.1:\(new.port))") },
        "\(reply)")
      #expect(reply.last?.hasPrefix("ERR 409 dependency-down") == true, "\(reply)")
      #expect(try await collector.jq("/status", "[.nats.since, .nats.server_url]") == since)
      #expect(try await collector.jq("/status", ".nats.connected") == "true")
      try await collector.stop()
    }

    @Test("while optional NATS is away, a reload to another server that is away succeeds with a warning")
    func away() async throws {
      var (collector, configuration) = try await start()
      configuration.natsPort = new.port
      try collector.rewrite(configuration)
      let reply = try await collector.admin("reload")
      #expect(
        reply.contains("NATS was down before and still is: connection refused (127.0.0.1:\(new.port))"), "\(reply)")
      #expect(reply.contains("\nOK changed=true changes=1"), "\(reply)")
      try await new.start()
      try await collector.until("/status", ".nats.connected and .nats.events.published > 0")
      try await collector.stop()
    }
  }
}
