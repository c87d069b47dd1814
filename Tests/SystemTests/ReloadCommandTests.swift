import Glibc
import Testing

extension ProgramTests {
  /// What an operator does around a reload, through socat.
  @Suite("Reload commands")
  struct ReloadCommandTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start() async throws -> (Collector, Configuration) {
      var configuration = Configuration(exchange: try await Exchange(in: scratch))
      configuration.stateDirectory = scratch.path
      return (try await Collector(configuration, in: scratch), configuration)
    }

    @Test("config check and config diff look at the files, or at a payload laid over them, and change nothing")
    func looking() async throws {
      var (collector, configuration) = try await start()
      #expect(try await collector.trailer("config check") == "OK files=1 exchanges=2 generation=1")
      #expect(try await collector.trailer("config diff") == "OK changes=0 generation=1")
      configuration.logLevel = "warning"
      try collector.rewrite(configuration)
      let diff = try await collector.admin("config diff")
      #expect(diff == "collector.log_level: info → warning (hot)\nOK changes=1 generation=1")
      // The same lines as the dry run.
      #expect(
        try await collector.admin("reload dry-run")
          == "collector.log_level: info → warning (hot)\nOK changed=false changes=1 generation=1")
      let over = try await collector.admin("config diff <<EOF\nnats: { grace: 9s }\nEOF")
      #expect(
        over == "collector.log_level: info → warning (hot)\nnats.grace: 3s → 9s (hot)\nOK changes=2 generation=1")
      let wrong = try await collector.admin("config check <<EOF\nnats: { grace: long }\nnatz: 1\nEOF")
        .split(separator: "\n")
      #expect(wrong.count == 3)
      #expect(wrong.first?.hasPrefix("payload:1:16: nats.grace: ") == true, "\(wrong)")
      #expect(wrong.last == "ERR 422 invalid-config: 2 errors, generation 1 still active errors=2 generation=1")
      // Looking is no failed reload.
      #expect(try await collector.jq("/health", ".checks.config | .status") == "pass")
      try await collector.stop()
    }

    @Test("what nobody confirms is undone by itself; what is confirmed stays; reloads wait for neither")
    func confirmation() async throws {
      var (collector, configuration) = try await start()
      configuration.grace = "4s"
      try collector.rewrite(configuration)
      let reply = try await collector.admin("reload confirm-within 2s")
      #expect(reply.contains("unless \"confirm\" comes before\nOK changed=true changes=1 confirm_until="), "\(reply)")
      #expect(
        try await collector.trailer("reload").wholeMatch(
          of:
            /ERR 409 reload-in-progress: generation 2 waits for confirmation, [012] s left; "confirm" keeps it, "rollback" takes it back seconds_left=[012] generation=2/
        ) != nil)
      #expect(
        try await collector.jq("/health", ".checks.config | .observed_value // .observedValue")
          == "waits for confirmation")
      try await collector.until("/status", ".collector.generation == 1", within: .seconds(8))
      #expect(
        try await collector.admin("history").contains("expired by collector: generation 2 was not confirmed within 2 s")
      )
      #expect(try await collector.admin("health").contains("check.config: warn last reload failed"))
      #expect(
        try await collector.trailer("confirm") == "ERR 400 bad-argument: nothing waits for confirmation generation=1")

      #expect(try await collector.trailer("reload confirm-within 1s").hasPrefix("OK changed=true"))
      #expect(try await collector.trailer("confirm") == "OK changed=true generation=3")
      try await Task.sleep(for: .milliseconds(1500))
      #expect(try await collector.jq("/status", ".collector.generation") == "3")
      #expect(try await collector.jq("/health", ".checks.config | .status") == "pass")
      try await collector.stop()
    }

    @Test("rollback returns to the generation before, history tells who did what")
    func rollback() async throws {
      var (collector, configuration) = try await start()
      #expect(
        try await collector.trailer("rollback")
          == "ERR 400 bad-argument: there is no generation before 1 to go back to generation=1")
      configuration.logLevel = "warning"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      #expect(try await collector.trailer("rollback") == "OK changed=true changes=1 warnings=1 generation=3")
      #expect(try await collector.trailer("config diff") == "OK changes=1 generation=3")
      let history = try await collector.admin("history").split(separator: "\n")
      #expect(history.count == 5)
      let uid = getuid()
      let words = [
        "started by start: started", "refused by uid \(uid): there is no generation before 1 to go back to",
        "applied by uid \(uid): collector.log_level",
        "rolled_back by uid \(uid): back to the settings of generation 1: collector.log_level",
        "OK entries=4 generation=3",
      ]
      for (line, end) in zip(history, words) { #expect(line.hasSuffix(end), "\(line)") }
      #expect(
        try await collector.get("/metrics").body.contains(#"marketprism_reloads_total{outcome="rolled_back"} 1"#))
      try await collector.stop()
    }

    @Test("allow-pending applies the rest, and status, health and metrics say what waits for a restart")
    func pending() async throws {
      var (collector, configuration) = try await start()
      configuration.stateDirectory = "/elsewhere"
      configuration.grace = "4s"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").hasPrefix("ERR 409 restart-required: "))
      #expect(
        try await collector.trailer("reload allow-pending")
          == "OK changed=true changes=1 pending_restart=collector.state_directory generation=2")
      #expect(
        try await collector.admin("health").contains("check.config: warn pending restart (collector.state_directory)"))
      #expect(try await collector.get("/metrics").body.contains("marketprism_pending_restart 1\n"))
      #expect(try await collector.admin("status").contains("pending_restart: collector.state_directory"))
      try await collector.stop()
    }

    @Test("a storm of a hundred SIGHUPs is a few runs, and the last content is in force")
    func storm() async throws {
      var (collector, configuration) = try await start()
      for number in 1...100 {
        configuration.grace = "\(number)s"
        try collector.rewrite(configuration)
        collector.program.send(SIGHUP)
      }
      try await poll("the last content is in force: \(collector.program.errors.suffix(2000))") {
        try await collector.trailer("config diff").hasPrefix("OK changes=0")
      }
      #expect(collector.program.end == nil)
      #expect(try await collector.jq("/health", ".checks.config | .status") == "pass")
      try await collector.stop()
    }

    @Test("SIGTERM in the middle of reloads ends it cleanly")
    func endInTheMiddle() async throws {
      var (collector, configuration) = try await start()
      for number in 1...20 {
        configuration.grace = "\(number)s"
        try collector.rewrite(configuration)
        collector.program.send(SIGHUP)
      }
      try await collector.stop()
    }

    @Test("with --fallback-last-good a wrong file does not keep it from starting, and health says so until it is right")
    func fallback() async throws {
      var (collector, configuration) = try await start()
      configuration.grace = "7s"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      let kept = "\(scratch.path)/last-good.yaml"
      #expect(Files.text(kept).contains("grace: 7s"))
      var status = stat()
      #expect(stat(kept, &status) == 0 && status.st_mode & 0o777 == 0o600)
      try await collector.stop()

      let good = configuration
      configuration.more = "natz: {}"
      try collector.rewrite(configuration)
      #expect(try await Binary.run(["run", "--config", collector.file], in: scratch).ending == .exit(78))
      let again = try await Collector(
        configuration, in: scratch, ["--fallback-last-good"], environment: ["STATE_DIRECTORY": scratch.path])
      #expect(again.program.errors.contains("WARNING: starting with the last good settings of \(kept), because "))
      let health = try await again.admin("health")
      #expect(health.contains("check.config: warn the last good settings are in force ("))
      #expect(health.contains("natz: unknown key"))
      #expect(try await again.admin("nats status").contains("optional"))
      #expect(try await again.trailer("reload").hasPrefix("ERR 422 invalid-config: 1 error"))
      try again.rewrite(good)
      #expect(try await again.trailer("reload") == "OK changed=false changes=0 generation=1")
      #expect(try await again.admin("health").contains("check.config: pass committed"))
      try await again.stop()
      // Nothing was kept: the errors are all there is.
      try again.rewrite(configuration)
      Files.remove(kept)
      let outcome = try await Binary.run(["run", "--config", again.file, "--fallback-last-good"], in: scratch)
      #expect(outcome.ending == .exit(78))
      #expect(outcome.errors.contains("there are no last good settings to start with: "))
    }

    @Test("a state directory that takes nothing is a warning and a count, and the reload is done all the same")
    func unwritable() async throws {
      var (collector, configuration) = try await start()
      try await poll("the start kept its settings") { Files.exists("\(scratch.path)/last-good.yaml") }
      // A folder in the draft's place is in the way even of root.
      #expect(mkdir("\(scratch.path)/.last-good.yaml.new", 0o700) == 0)
      configuration.grace = "8s"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      #expect(try await collector.get("/metrics").body.contains("marketprism_last_good_failures_total 1\n"))
      #expect(collector.program.errors.contains("the last good settings could not be kept"))
      #expect(!Files.text("\(scratch.path)/last-good.yaml").contains("grace: 8s"))
      try await collector.stop()
    }
  }
}
