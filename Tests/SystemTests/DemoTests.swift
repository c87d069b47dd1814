import Glibc
import Testing

extension ProgramTests {
  @Suite("demo")
  struct DemoTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("the demo runs without NATS: degraded and ready, its books synchronised, and it says where everything is")
    func runs() async throws {
      let demo = try await Collector(demoIn: scratch)
      for expected in ["exchange   simulated", "NATS       none", "http://127.0.0.1:\(demo.port)", demo.socket, "Try"] {
        #expect(demo.program.output.contains(expected))
      }
      try await demo.untilSynchronised(books: 5)
      try await demo.until("/health", #".status == "degraded" and .details.ready"#)
      #expect(try await demo.get("/health").status == 200)
      #expect(try await demo.get("/health/ready").status == 200)
      #expect(try await demo.jq("/health", ".checks.nats_connection.status") == "warn")
      try await demo.until("/status", ".nats.events.no_nats > 0 and .nats.events.published == 0")
      #expect(try await demo.jq("/status", "[.orderbook_manager.exchanges[].gaps] | add") == "0")
      #expect(try await demo.trailer("reload").hasPrefix("ERR 400 bad-argument: started without a configuration file"))
      // A line every five seconds says how it goes.
      try await poll("a progress line") { demo.program.output.contains("books 5/5  gaps 0  undecodable 0") }
      try await demo.stop()
    }

    @Test("the example lines that the demo prints work as they stand")
    func examples() async throws {
      let demo = try await Collector(demoIn: scratch)
      try await demo.untilSynchronised(books: 5)
      let examples = demo.program.output.split(separator: "\n").map { $0.drop { $0 == " " } }
        .filter { $0.hasPrefix("curl ") || $0.hasPrefix("echo ") }
      #expect(examples.count == 3)
      for example in examples {
        let outcome = try await Shell.run(String(example), in: scratch)
        #expect(outcome.ending == .exit(0) && outcome.output.count > 100, "\(example): \(outcome)")
      }
      try await demo.stop()
    }

    @Test("SIGTERM and SIGINT end the demo with status 0 and take the socket away", arguments: [SIGTERM, SIGINT])
    func signals(signal: Int32) async throws {
      let demo = try await Collector(demoIn: scratch)
      #expect(Files.exists(demo.socket))
      // The same moment that the socket is announced: handlers stand before listeners.
      try await demo.stop(signal)
      #expect(demo.program.errorLines.allSatisfy { !$0.contains("Fatal") && !$0.contains(" error ") })
    }

    @Test("a second demo on the same port or socket ends with 69 and says what is in the way, and the first goes on")
    func occupied() async throws {
      let demo = try await Collector(demoIn: scratch)
      let other = "\(scratch.path)/other/c.sock"
      let samePort = try await Binary.run(
        ["demo", "--http-port", "\(demo.port)", "--admin-socket", other], in: scratch)
      #expect(samePort.ending == .exit(69))
      let portLines = samePort.errors.split(separator: "\n")
      #expect(portLines.first?.contains("\(demo.port)") == true && portLines.count == 2, "\(samePort.errors)")
      #expect(!Files.exists(other))
      let sameSocket = try await Binary.run(
        ["demo", "--http-port", "0", "--admin-socket", demo.socket], in: scratch)
      #expect(sameSocket.ending == .exit(69))
      let socketLines = sameSocket.errors.split(separator: "\n")
      #expect(socketLines.first?.contains(demo.socket) == true && socketLines.count == 2, "\(sameSocket.errors)")
      #expect(try await demo.trailer("version").hasPrefix("OK"))
      try await demo.stop()
    }

    @Test("a demo that was killed leaves a stale socket, which the next one replaces")
    func staleSocket() async throws {
      let first = try await Collector(demoIn: scratch)
      first.program.send(SIGKILL)
      #expect(try await first.program.ending() == .signal(SIGKILL))
      #expect(Files.exists(first.socket))
      let second = try await Collector(demoIn: scratch)
      #expect(try await second.trailer("version").hasPrefix("OK"))
      try await second.stop()
    }
  }
}
