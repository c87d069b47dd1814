import Testing

extension ProgramTests {
  @Suite("Configuration and command line")
  struct ConfigurationTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let bad = """
      collector: { http_port: 99999, log_level: loud }
      natz: {}
      nats:
        grace: soon
        optional: true
        optional: false
      exchanges:
        - { exchange: binance, market_type: spot, symbols: [BTCUSDT], depth_limit: 0, symbol: X }
      """

    @Test("check and run end with 78 and name every error with its place", arguments: ["check", "run"])
    func allErrors(command: String) async throws {
      let file = try scratch.write(Self.bad, to: "bad.yaml")
      let outcome = try await Binary.run([command, "--config", file], in: scratch)
      #expect(outcome.ending == .exit(78))
      #expect(outcome.output == "")
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.allSatisfy { $0.wholeMatch(of: /.*\/bad\.yaml:\d+:\d+: [a-z0-9_.\[\]]+: .+/) != nil }, "\(lines)")
      let expected = [
        "1:", "collector.http_port", "collector.log_level", "2:1: natz: unknown key", "nats.grace", "nats.optional",
        "exchanges[0].depth_limit", "exchanges[0].symbol: unknown key",
      ]
      for word in expected { #expect(outcome.errors.contains(word), "\(word) in \(outcome.errors)") }
      #expect(lines.count == 7, "\(outcome.errors)")
    }

    @Test("a file that is missing, a folder and a broken text end with 78 and one line", arguments: ["check", "run"])
    func unreadable(command: String) async throws {
      let broken = try scratch.write("exchanges: [", to: "broken.yaml")
      for file in ["\(scratch.path)/none.yaml", scratch.path, broken] {
        let outcome = try await Binary.run([command, "--config", file], in: scratch)
        #expect(outcome.ending == .exit(78))
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.count == 1 && lines.first?.hasPrefix(file) == true, "\(outcome.errors)")
      }
    }

    @Test("the shipped file is valid, and what check accepts is named")
    func shipped() async throws {
      let file = "\(Binary.package)/etc/marketprism/collector.yaml"
      let outcome = try await Binary.run(["check", "--config", file], in: scratch)
      #expect(outcome.ending == .exit(0))
      #expect(outcome.output.contains("valid") && outcome.errors == "")
    }

    @Test("help and version end with 0, what is not understood with 64")
    func usage() async throws {
      let cases: [(arguments: [String], status: Int32, words: String)] = [
        (["--help"], 0, "SUBCOMMANDS"), (["run", "--help"], 0, "--config"), (["--version"], 0, "."),
        (["--bogus"], 64, "--bogus"), (["fly"], 64, "fly"), (["run", "--mode", "half"], 64, "--mode must be full"),
        (["demo", "--http-port", "x"], 64, "--http-port"), (["demo", "--speed", "0"], 64, "--speed must be"),
        (["simulate", "--fault", "nonsense"], 64, "unknown fault"), (["simulate", "--fault", "drop:2"], 64, "drop:2"),
        (["simulate", "--listen", "nowhere"], 64, "--listen must be ADDRESS:PORT"),
        (["simulate", "--listen", "0.0.0.0:0"], 64, "--listen must be an address of the loopback"),
        (["replay"], 64, "file"), (["replay", "x", "--exchange", "none", "--market", "spot"], 64, "unknown exchange"),
        (["replay", "x", "--exchange", "binance", "--market", "moon"], 64, "unknown market"),
      ]
      for row in cases {
        let outcome = try await Binary.run(row.arguments, in: scratch)
        #expect(outcome.ending == .exit(row.status), "\(row.arguments): \(outcome)")
        let text = row.status == 0 ? outcome.output : outcome.errors
        #expect(text.contains(row.words), "\(row.arguments): \(text)")
      }
    }
  }
}
