import Glibc
import Testing

extension ProgramTests {
  @Suite("The service manager")
  struct ServiceTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("hears READY when the start is over, what goes on, and STOPPING as the last word", arguments: [false, true])
    func life(abstract: Bool) async throws {
      let manager = try ServiceManager(in: scratch, abstract: abstract)
      let exchange = try await Exchange(in: scratch)
      let collector = try await Collector(
        Configuration(exchange: exchange), in: scratch, environment: ["NOTIFY_SOCKET": manager.address])
      try await manager.until("READY") { $0.steps == ["READY=1"] }
      try await manager.until("the status says that all is connected") {
        ($0.messages.last ?? "").contains("exchanges 2/2 up, books 2/2 synchronised, NATS")
      }
      try await collector.stop()
      try await manager.until("STOPPING") { $0.steps == ["READY=1", "STOPPING=1"] }
      #expect(manager.messages.last == "STOPPING=1\nSTATUS=stopping: SIGTERM\n")
    }

    @Test("hears of every reload when it begins and when it ends, whatever asked for it and whatever came of it")
    func reloads() async throws {
      let manager = try ServiceManager(in: scratch)
      var configuration = Configuration(exchange: try await Exchange(in: scratch))
      let collector = try await Collector(configuration, in: scratch, environment: ["NOTIFY_SOCKET": manager.address])
      try await manager.until("READY") { $0.steps == ["READY=1"] }
      configuration.grace = "7s"
      try collector.rewrite(configuration)
      let before = try monotonicMicroseconds()
      #expect(try await collector.trailer("reload").hasPrefix("OK"))
      try await manager.until("the reload is over") { $0.steps == ["READY=1", "RELOADING=1", "READY=1"] }
      let reloading = try #require(manager.messages.first { $0.hasPrefix("RELOADING=1\n") })
      let time = try #require(reloading.firstMatch(of: /\nMONOTONIC_USEC=(\d+)\n/).flatMap { UInt64($0.1) })
      #expect(time >= before)
      #expect(time <= (try monotonicMicroseconds()))

      configuration.more = "unknown: 1"
      try collector.rewrite(configuration)
      collector.program.send(SIGHUP)
      try await manager.until("the refused reload is over") {
        $0.steps == ["READY=1", "RELOADING=1", "READY=1", "RELOADING=1", "READY=1"]
      }
      #expect(manager.messages.last { $0.hasPrefix("READY=1") }?.contains("1 error") == true)
      try await collector.stop()
    }

    private func monotonicMicroseconds() throws -> UInt64 {
      var time = timespec()
      try #require(clock_gettime(CLOCK_MONOTONIC, &time) == 0)
      return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    @Test("hears that the start takes longer while required NATS is away, and READY when it has come")
    func required() async throws {
      let manager = try ServiceManager(in: scratch)
      let server = try NATSServer(in: scratch)
      var configuration = Configuration(
        exchange: try await Exchange(in: scratch), natsPort: server.port, optional: false)
      configuration.startupTimeout = "60s"
      let collector = try await Collector(configuration, in: scratch, environment: ["NOTIFY_SOCKET": manager.address])
      try await manager.until("a longer start") { $0.count("EXTEND_TIMEOUT_USEC=15000000") >= 2 }
      #expect(manager.steps == [])
      try await server.start()
      try await manager.until("READY") { $0.steps == ["READY=1"] }
      try await collector.stop()
    }

    @Test("never hears READY when required NATS does not come in time")
    func missing() async throws {
      let manager = try ServiceManager(in: scratch)
      let configuration = Configuration(exchange: try await Exchange(in: scratch), optional: false)
      let collector = try await Collector(configuration, in: scratch, environment: ["NOTIFY_SOCKET": manager.address])
      #expect(try await collector.program.ending() == .exit(69))
      manager.receive()
      #expect(manager.steps == ["STOPPING=1"])
      #expect(manager.messages.last?.contains("nats.startup_timeout") == true)
    }

    @Test("gets signs of life at less than half of the time it allows, and none while the process stands still")
    func watchdog() async throws {
      let manager = try ServiceManager(in: scratch)
      let exchange = try await Exchange(in: scratch)
      let collector = try await Collector(
        Configuration(exchange: exchange), in: scratch,
        environment: ["NOTIFY_SOCKET": manager.address, "WATCHDOG_USEC": "2000000"])
      try await manager.until("the first sign of life") { $0.count("WATCHDOG=1") > 0 }
      let start = ContinuousClock.now
      let before = manager.count("WATCHDOG=1")
      try await manager.until("four more") { $0.count("WATCHDOG=1") >= before + 4 }
      #expect(ContinuousClock.now - start < .seconds(4))
      collector.program.send(SIGSTOP)
      try await Task.sleep(for: .milliseconds(50))
      manager.receive()
      let stopped = manager.count("WATCHDOG=1")
      try await Task.sleep(for: .seconds(2))
      manager.receive()
      #expect(manager.count("WATCHDOG=1") == stopped)
      collector.program.send(SIGCONT)
      try await manager.until("signs of life again") { $0.count("WATCHDOG=1") > stopped }
      try await collector.stop()
    }
  }
}
