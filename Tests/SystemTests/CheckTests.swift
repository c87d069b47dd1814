import Glibc
import Testing

extension ProgramTests {
  @Suite("Checking a configuration")
  struct CheckTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let sound = "exchanges: [{exchange: binance, market_type: spot, symbols: [BTCUSDT]}]\n"

    @Test("a fragment is checked over the file, its errors are named in it, and nothing is written")
    func fragment() async throws {
      let main = try scratch.write(Self.sound, to: "collector.yaml")
      let good = try scratch.write("nats: {grace: 7s}\n", to: "good.yaml")
      let bad = try scratch.write("nats: {grace: 7, optinal: no}\n", to: "bad.yaml")
      let accepted = try await Binary.run(["check", "--config", main, "--with-fragment", good], in: scratch)
      #expect(accepted.ending == .exit(0))
      #expect(accepted.output == "\(good): valid, 1 exchange entries enabled\n" && accepted.errors == "")
      let refused = try await Binary.run(["check", "--config", main, "--with-fragment", bad], in: scratch)
      #expect(refused.ending == .exit(78) && refused.output == "")
      #expect(
        refused.errors == """
          \(bad):1:15: nats.grace: a duration needs a unit (ms, s, m, h, d), for example 7s
          \(bad):1:18: nats.optinal: unknown key (did you mean «optional»?)

          """)
      let missing = try await Binary.run(["check", "--config", main, "--with-fragment", "/nonexistent"], in: scratch)
      #expect(missing.ending == .exit(78))
      #expect(missing.errors == "/nonexistent: cannot be opened: No such file or directory\n")
    }

    @Test("a temporary file is checked by itself, or with the drop-ins it will have")
    func temporary() async throws {
      let file = try scratch.write(Self.sound, to: "ansible.yaml")
      let folder = "\(scratch.path)/etc.d"
      #expect(mkdir(folder, 0o755) == 0)
      _ = try scratch.write("collector: {http_port: x}\n", to: "etc.d/bad.yaml")
      let alone = try await Binary.run(["check", "--config", file], in: scratch)
      #expect(alone.ending == .exit(0) && alone.errors == "")
      let together = try await Binary.run(["check", "--config", file, "--drop-ins", folder], in: scratch)
      #expect(together.ending == .exit(78))
      #expect(together.errors.hasPrefix("\(folder)/bad.yaml:1:24: collector.http_port: expected a whole number"))
    }

    @Test("a credential that only the service has is no error of the check, and one of the start")
    func credential() async throws {
      let text = "nats: {url: 'nats://c:${credential:nats}@127.0.0.1:1'}\n" + Self.sound
      let file = try scratch.write(text, to: "collector.yaml")
      let checked = try await Binary.run(["check", "--config", file], in: scratch)
      #expect(checked.ending == .exit(0))
      #expect(checked.errors.contains("warning: \(file):1:13: nats.url: the credential nats is passed by the service"))
      let started = try await Binary.run(["run", "--config", file], in: scratch)
      #expect(started.ending == .exit(78))
      #expect(started.errors.contains("CREDENTIALS_DIRECTORY is not set"))
    }

    @Test("a check is over within a second")
    func quick() async throws {
      let entries = (0..<200).map { "  - {name: n\($0), exchange: binance, market_type: spot, symbols: [BTCUSDT]}\n" }
      let file = try scratch.write("exchanges:\n" + entries.joined(), to: "collector.yaml")
      // Of processor time: the machine may be busy with other tests.
      let timed = "ulimit -t 1; exec '\(Binary.path)' check --config '\(file)'"
      #expect(try await Shell.run(timed, in: scratch).ending == .exit(0))
    }
  }
}
