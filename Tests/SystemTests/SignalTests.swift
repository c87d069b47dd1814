import Glibc
import Testing

extension ProgramTests {
  @Suite("Signals")
  struct SignalTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("SIGHUP from the first statement of main on never ends it, and a reload follows")
    func firstInstant() async throws {
      let exchange = try await Exchange(in: scratch)
      let file = try scratch.write(
        Configuration(exchange: exchange).text(socket: "\(scratch.path)/c.sock"), to: "c.yaml")
      for _ in 1...5 {
        let program = try Binary.start(["run", "--config", file], in: scratch)
        try await poll("SIGHUP is survived") { Self.survivesHangUp(program.pid) || program.end != nil }
        var sent = 0
        try await poll("the reload is over: \(program.errors)") {
          if sent < 200 { program.send(SIGHUP) }
          sent += 1
          try #require(program.end == nil, "ended: \(program.errors)")
          return program.errors.contains("nothing has changed")
        }
        program.send(SIGTERM)
        #expect(try await program.ending() == .exit(0))
      }
    }

    @Test("a storm of a hundred SIGHUPs leaves it running, with the last state of the file in force")
    func storm() async throws {
      var configuration = Configuration(exchange: try await Exchange(in: scratch))
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      for round in 1...100 {
        configuration.grace = "\(round)s"
        try collector.rewrite(configuration)
        collector.program.send(SIGHUP)
        try await Task.sleep(for: .milliseconds(2))
      }
      try await poll("the last state is in force: \(collector.program.errors)") {
        try await collector.trailer("reload dry-run").contains("changes=0 ")
      }
      #expect(try await collector.jq("/status", "[.exchanges[].reconnect_count] | add") == "0")
      try await collector.stop()
    }

    @Test("SIGTERM in the middle of a reload ends it within 5 s, and whoever asked for the reload is told")
    func duringReload() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      var configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: server.port)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.until("/status", ".nats.connected")
      // It accepts and never says a word, so that the reload waits for it.
      let port = try freePort()
      let silent = try Program(
        ["socat", "-d", "-d", "-u", "TCP-LISTEN:\(port),bind=127.0.0.1,fork", "OPEN:/dev/null"], in: scratch)
      try await poll("the silent server listens: \(silent.errors)") { silent.errors.contains("listening on") }
      configuration.natsPort = port
      try collector.rewrite(configuration)
      let asking = try Program(
        ["/bin/bash", "-c", "echo reload | socat -t 10 - UNIX-CONNECT:\(collector.socket)"], in: scratch)
      try await poll("the reload is under way: \(asking.output)") { asking.output.contains("# prepar") }
      try await collector.stop()
      try await asking.ending()
      let last = asking.output.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix("ERR 503 shutting-down"), "\(asking.output)")
      _ = silent
    }

    @Test("a second SIGTERM ends it at once")
    func second() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      let configuration = Configuration(exchange: try await Exchange(in: scratch), natsPort: server.port)
      let collector = try await Collector(configuration, in: scratch)
      try await collector.until("/status", ".nats.connected and .nats.events.published > 0")
      server.send(SIGSTOP)
      let asked = ContinuousClock.now
      collector.program.send(SIGTERM)
      try await poll("it is stopping") { collector.program.errors.contains("stopping") }
      collector.program.send(SIGTERM)
      let ending = try await collector.program.ending()
      #expect(ending == .signal(SIGTERM), "\(collector.program.errors)")
      #expect(ContinuousClock.now - asked < .seconds(1))
      server.send(SIGCONT)
    }

    /// Whether the process ignores or handles SIGHUP by now.
    private static func survivesHangUp(_ pid: pid_t) -> Bool {
      let masks = Files.text("/proc/\(pid)/status").matches(of: /Sig(?:Ign|Cgt|Blk):\s*([0-9a-f]+)/)
      return masks.contains { (UInt64($0.1, radix: 16) ?? 0) & 1 << UInt64(SIGHUP - 1) != 0 }
    }
  }
}
