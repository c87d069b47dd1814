import Testing

extension ProgramTests {
  @Suite("nats.optional, changed live over the socket")
  struct PolicyTests {
    let scratch: Scratch
    let server: NATSServer

    init() throws {
      scratch = try Scratch()
      server = try NATSServer(in: scratch)
    }

    private func start() async throws -> (Collector, Configuration) {
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: server.port, grace: "1s")
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      return (collector, configuration)
    }

    @Test("while NATS is down, requiring it needs force, fails readiness at once, and can be taken back")
    func down() async throws {
      let (collector, _) = try await start()
      let steps: [(command: String, trailer: String, ready: Int)] = [
        ("nats optional", "OK changed=false policy=optional source=file", 200),
        ("nats required", "ERR 409 dependency-down: NATS is down", 200),
        ("nats required force", "OK changed=true policy=required source=override", 503),
        ("nats required force", "OK changed=false policy=required source=override", 503),
        ("nats required", "OK changed=false policy=required source=override", 503),
        ("nats optional", "OK changed=true policy=optional source=override", 200),
        ("nats optional", "OK changed=false policy=optional source=override", 200),
        ("nats reset", "OK changed=true policy=optional source=file", 200),
        ("nats reset", "OK changed=false policy=optional source=file", 200),
      ]
      for step in steps {
        let trailer = try await collector.trailer(step.command)
        #expect(trailer.hasPrefix(step.trailer), "\(step.command): \(trailer)")
        #expect(try await collector.get("/health/ready").status == step.ready, "after \(step.command)")
      }
      // A running collector that NATS is missed by is failing; it does not start again, and it does not end.
      _ = try await collector.admin("nats required force")
      #expect(try await collector.admin("health").contains("state: failing"))
      #expect(try await collector.jq("/health", ".status") == "unhealthy")
      #expect(collector.program.end == nil)
      try await collector.stop()
    }

    @Test("an override with an end says who, why and until when, and ends by itself")
    func expiry() async throws {
      let (collector, _) = try await start()
      #expect(try await collector.trailer("nats required force for 2s reason 'a drill'").hasPrefix("OK changed=true"))
      let status = try await collector.admin("nats status")
      let override = try #require(status.split(separator: "\n").first { $0.hasPrefix("override: ") })
      #expect(override.contains("required by uid ") && override.contains(" until ") && override.hasSuffix(": a drill"))
      #expect(try await collector.jq("/status", ".nats | [.optional, .policy_source]") == #"[false,"override"]"#)
      try await collector.until("/status", #".nats.optional and .nats.policy_source == "file""#)
      #expect(try await collector.get("/health/ready").status == 200)
      try await collector.stop()
    }

    @Test("while NATS is up, an override is accepted without force, shows in the health, and decides what a loss means")
    func up() async throws {
      try await server.start()
      let (collector, _) = try await start()
      try await collector.until("/health", #".status == "healthy""#)
      #expect(try await collector.trailer("nats required").hasPrefix("OK changed=true policy=required source=override"))
      #expect(try await collector.admin("health").contains("state: degraded"))
      #expect(try await collector.jq("/health", ".checks.nats_connection.status") == "warn")
      #expect(try await collector.get("/health/ready").status == 200)
      try await server.kill()
      try await collector.until("/health/ready", ".ready | not")
      #expect(try await collector.trailer("nats reset").hasPrefix("OK changed=true policy=optional source=file"))
      #expect(try await collector.get("/health/ready").status == 200)
      try await server.start()
      try await collector.until("/health", #".status == "healthy""#)
      try await collector.stop()
    }

    @Test("an override survives a reload and gives way when the file's own value changes")
    func reloads() async throws {
      var (collector, configuration) = try await start()
      #expect(try await collector.trailer("nats required force").hasPrefix("OK changed=true"))
      configuration.logLevel = "debug"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      #expect(try await collector.trailer("nats status").contains("policy=required source=override"))
      configuration.optional = false
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=3")
      #expect(try await collector.trailer("nats status").contains("policy=required source=file"))
      configuration.optional = true
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=4")
      #expect(try await collector.trailer("nats status").contains("policy=optional source=file"))
      #expect(try await collector.get("/health/ready").status == 200)
      try await collector.stop()
    }
  }
}
