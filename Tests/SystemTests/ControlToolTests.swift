import Glibc
import Testing

extension Collector {
  /// Runs `marketprismctl` against this collector, as a shell does.
  func ctl(_ arguments: String, _ after: String = "") async throws -> Outcome {
    try await Shell.run(
      "MARKETPRISM_SOCKET=\(socket) \(Binary.tool) \(arguments) \(after.isEmpty ? "</dev/null" : after)", in: scratch)
  }
}

extension ProgramTests {
  @Suite("marketprismctl with a running collector")
  struct ControlToolTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start() async throws -> (Collector, Configuration) {
      let configuration = Configuration(exchange: try await Exchange(in: scratch))
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      return (collector, configuration)
    }

    @Test("a reload is 0 when applied, 3 when the file is wrong, 4 when it needs a restart; what ran goes on")
    func reload() async throws {
      var (collector, configuration) = try await start()
      configuration.logLevel = "warning"
      try collector.rewrite(configuration)
      let applied = try await collector.ctl("reload --timeout 25")
      #expect(applied.ending == .exit(0), "\(applied.errors)")
      #expect(applied.output.hasSuffix(" generation=2\n") && applied.errors.isEmpty)

      configuration.more = "nonsense: 1"
      try collector.rewrite(configuration)
      let invalid = try await collector.ctl("reload")
      #expect(invalid.ending == .exit(3))
      #expect(invalid.errors.hasPrefix("marketprismctl: 422 invalid-config: 1 error"), "\(invalid.errors)")
      #expect(invalid.output.contains("nonsense: unknown key"), "\(invalid.output)")

      configuration.more = ""
      try collector.rewrite(configuration)
      #expect(mkdir("\(scratch.path)/collector.d", 0o700) == 0)
      try scratch.write("collector: { state_directory: \(scratch.path)/other }\n", to: "collector.d/90-state.yaml")
      let restart = try await collector.ctl("reload")
      #expect(restart.ending == .exit(4), "\(restart.errors)")
      #expect(restart.errors.hasPrefix("marketprismctl: 409 restart-required"), "\(restart.errors)")
      let state = try await collector.ctl("--json status", "</dev/null | jq -c '[.ok, .generation]'")
      #expect(state.output == "[true,2]\n")
    }

    @Test("the health decides the status with --fail-degraded, and the line of a monitoring plugin")
    func health() async throws {
      let (collector, _) = try await start()
      let plain = try await collector.ctl("health")
      #expect(plain.ending == .exit(0) && plain.output.hasPrefix("state: degraded\nready: yes\ncheck."))
      #expect(!plain.output.contains("\nOK"))
      #expect(try await collector.ctl("health --fail-degraded").ending == .exit(5))
      #expect(try await collector.ctl("version --fail-degraded").ending == .exit(5))
      #expect(try await collector.ctl("health ready --fail-degraded").ending == .exit(0))
      let nagios = try await collector.ctl("health --nagios")
      #expect(nagios.ending == .exit(1))
      let line = try #require(
        nagios.output.wholeMatch(of: /MARKETPRISM WARNING - degraded, nats_connection warn: [^|\n]+ \| ([^|\n]+)\n/))
      #expect(line.1.contains("books_synchronised=2;;;0;2") && line.1.contains("exchanges_up=2;;;0;2"))
      let json = try await collector.ctl("--json health", "</dev/null | jq -r .data.state")
      #expect(json.output == "degraded\n" && json.ending == .exit(0))
    }

    @Test("options are the keywords of the grammar, and quoted text arrives whole")
    func options() async throws {
      let (collector, _) = try await start()
      let changed = try await collector.ctl("nats optional --for 30m --reason \"broker's upgrade; v2\"")
      #expect(changed.ending == .exit(0) && changed.output.hasPrefix("OK changed=true"), "\(changed.errors)")
      let status = try await collector.ctl("nats status")
      #expect(status.output.contains("broker's upgrade; v2"), "\(status.output)")
      let refused = try await collector.ctl("nats required")
      #expect(refused.ending == .exit(1) && refused.errors.contains("409 dependency-down"))
      #expect(try await collector.ctl("nats requird").ending == .exit(2))
      let script = try await collector.ctl(
        "", "<<< $'nats reset\\nhealth live\\nbook show binance spot NOPE\\nversion'")
      #expect(script.ending == .exit(1) && script.output.contains("live: yes") && !script.output.contains("0.1.0"))
    }

    @Test("a fragment is checked from standard input, from a file and from a pipe")
    func fragments() async throws {
      let (collector, _) = try await start()
      let good = try scratch.write("nats: { grace: 7s }\n", to: "good.yaml")
      let bad = try scratch.write("nats: { grase: 7s }\n", to: "bad.yaml")
      #expect(try await collector.ctl("config check").ending == .exit(0))
      #expect(try await collector.ctl("config check", "< \(good)").ending == .exit(0))
      for (arguments, after) in [
        ("config check", "< \(bad)"), ("config check --fragment \(bad)", ""), ("config check -", "< <(cat \(bad))"),
      ] {
        let outcome = try await collector.ctl(arguments, after)
        #expect(outcome.ending == .exit(3), "\(arguments) \(after): \(outcome.errors)")
        #expect((outcome.output + outcome.errors).contains("grase"), "\(arguments) \(after): \(outcome.output)")
      }
      #expect(try await collector.trailer("status").hasSuffix("generation=1"))
    }

    @Test("nobody there is 69, a collector that stands still is 75")
    func unreachable() async throws {
      let nobody = try await Shell.run("\(Binary.tool) health --socket \(scratch.path)/none", in: scratch)
      #expect(
        nobody.ending == .exit(69) && nobody.errors.hasPrefix("marketprismctl: cannot connect to \(scratch.path)/none"))
      let (collector, _) = try await start()
      collector.program.send(SIGSTOP)
      let late = try await collector.ctl("health --timeout 500ms")
      collector.program.send(SIGCONT)
      #expect(late.ending == .exit(75) && late.errors.hasPrefix("marketprismctl: timed out"), "\(late.errors)")
      #expect(try await collector.ctl("wait drained 1").ending == .exit(75))
      #expect(try await collector.ctl("health").ending == .exit(0))
    }

    @Test("who may look and not change gets 6", .enabled(if: getuid() == 0))
    func forbidden() async throws {
      let (collector, _) = try await start()
      let folder = collector.socket.split(separator: "/").dropLast().map { "/" + $0 }.joined()
      // The file keeps strangers out before their role can; here it lets them in. A copy of the tool: theirs is no way
      // into the build's folder.
      let open = try await Shell.run(
        "cp \(Binary.tool) \(scratch.path)/ctl && chmod 755 \(scratch.path) \(folder) \(scratch.path)/ctl && chmod 666 \(collector.socket)",
        in: scratch)
      #expect(open.ending == .exit(0), "\(open.errors)")
      let stranger =
        "setpriv --reuid=65534 --regid=65534 --clear-groups \(scratch.path)/ctl --socket \(collector.socket)"
      let refused = try await Shell.run("\(stranger) reload", in: scratch)
      #expect(
        refused.ending == .exit(6) && refused.errors.hasPrefix("marketprismctl: 403 forbidden"), "\(refused.errors)")
      #expect(try await Shell.run("\(stranger) health", in: scratch).ending == .exit(0))
    }
  }
}
