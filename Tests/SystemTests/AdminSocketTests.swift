import Glibc
import Testing

extension ProgramTests {
  @Suite("The admin socket of a running collector")
  struct AdminSocketTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("a hundred times «echo health | socat» gives a hundred whole replies")
    func hundred() async throws {
      let demo = try await Collector(demoIn: scratch)
      try await demo.untilSynchronised(books: 5)
      let outcome = try await Shell.run(
        "for i in $(seq 100); do echo health | socat - UNIX-CONNECT:\(demo.socket) || exit 1; done", in: scratch)
      #expect(outcome.ending == .exit(0))
      let lines = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("#") }
      #expect(lines.filter { $0 == "OK state=degraded generation=1" }.count == 100)
      #expect(lines.filter { $0.hasPrefix("state: ") }.count == 100)
      #expect(lines.filter { $0.hasPrefix("check.") }.count == 800)
      #expect(lines.count == 1100)
      try await demo.stop()
    }

    @Test("several commands in one input are answered in order, on one line or on several")
    func several() async throws {
      let demo = try await Collector(demoIn: scratch)
      let reply = try await demo.admin("version; nonsense\n# a comment\nbook show binance spot NOPE; health live")
      let trailers = reply.split(separator: "\n").filter { $0.hasPrefix("OK") || $0.hasPrefix("ERR") }
      #expect(trailers.count == 4)
      let expected = ["OK", "ERR 404 unknown-command", "ERR 404 unknown-symbol", "OK live=yes"]
      #expect(zip(trailers, expected).allSatisfy { $0.hasPrefix($1) }, "\(reply)")
      try await demo.stop()
    }

    @Test("a JSON reply is an exit status for shells: jq -e .ok")
    func json() async throws {
      let demo = try await Collector(demoIn: scratch)
      func ok(_ command: String) async throws -> Outcome {
        try await Shell.run("echo 'json \(command)' | socat - UNIX-CONNECT:\(demo.socket) | jq -e .ok", in: scratch)
      }
      #expect(try await ok("health").ending == .exit(0))
      #expect(try await ok("status").ending == .exit(0))
      #expect(try await ok("book show binance spot NOPE").ending == .exit(1))
      try await demo.stop()
    }

    @Test("every command of the table is explained by help and answers with one trailer")
    func commands() async throws {
      let demo = try await Collector(demoIn: scratch)
      try await demo.untilSynchronised(books: 5)
      let commands = [
        "help", "help nats", "version", "health", "health live", "health ready", "status", "nats status",
        "exchange list", "book list", "book show binance perpetual ETHUSDT 3", "log level feeds debug", "nats reset",
      ]
      for command in commands {
        let trailer = try await demo.trailer(command)
        #expect(trailer.hasPrefix("OK ") && trailer.hasSuffix("generation=1"), "\(command): \(trailer)")
      }
      #expect(try await demo.trailer("exchange list") == "OK sessions=2 generation=1")
      #expect(try await demo.trailer("book list") == "OK books=5 synchronised=5 generation=1")
      #expect(try await demo.trailer("quit").hasPrefix("OK"))
      #expect(try await demo.trailer("log level loud").hasPrefix("ERR 400 bad-argument"))
      try await demo.stop()
    }
  }
}
