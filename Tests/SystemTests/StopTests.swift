import Glibc
import Testing

extension ProgramTests {
  @Suite("The end")
  struct StopTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("SIGTERM ends it within 5 s while nats-server is stopped and swallows everything")
    func stoppedNATS() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: server.port)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.until("/status", ".nats.connected and .nats.events.published > 0")
      server.send(SIGSTOP)
      let published = try await collector.jq("/status", ".nats.events.published")
      try await collector.until("/status", ".nats.events.published > \(published) or .nats.events.no_nats > 0")
      try await collector.stop()
      server.send(SIGCONT)
    }

    @Test("SIGTERM ends it within 5 s while the exchange does not answer", arguments: [true, false])
    func silentExchange(fromTheStart: Bool) async throws {
      let exchange = try await Exchange(in: scratch)
      if fromTheStart { exchange.program.send(SIGSTOP) }
      let collector = try await Collector(Configuration(exchange: exchange), in: scratch)
      if !fromTheStart {
        try await collector.untilSynchronised(books: 2)
        exchange.program.send(SIGSTOP)
      }
      #expect(try await collector.get("/health/live").status == 200)
      try await collector.stop()
      exchange.program.send(SIGCONT)
    }

    @Test("SIGTERM ends it within 5 s while clients hold its port and its socket open")
    func clients() async throws {
      let exchange = try await Exchange(in: scratch)
      let collector = try await Collector(Configuration(exchange: exchange), in: scratch)
      let idle = try Program(
        ["/bin/bash", "-c", "sleep 60 | socat - UNIX-CONNECT:\(collector.socket)"], in: scratch)
      let half = try Program(
        [
          "/bin/bash", "-c",
          "(printf 'GET /health HTTP/1.1\\r\\n'; sleep 60) | socat - TCP:127.0.0.1:\(collector.port)",
        ],
        in: scratch)
      try await collector.until("/health/live", ".status == \"alive\"")
      try await collector.stop()
      _ = (idle, half)
    }

    @Test("SIGTERM while it still waits for required NATS is a clean end")
    func duringStart() async throws {
      var configuration = Configuration(exchange: try await Exchange(in: scratch), optional: false)
      configuration.startupTimeout = "60s"
      let collector = try await Collector(configuration, in: scratch)
      try await collector.stop()
    }

    @Test("SIGTERM the moment it listens is a clean end", arguments: 1...5)
    func atOnce(round: Int) async throws {
      let exchange = try await Exchange(in: scratch)
      let collector = try await Collector(Configuration(exchange: exchange), in: scratch)
      try await collector.stop(round.isMultiple(of: 2) ? SIGINT : SIGTERM)
    }
  }
}
