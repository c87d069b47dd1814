import AdminClient
import AdminProtocol
import Testing

@Suite("A request from the command line")
struct RequestRunnerTests {
  @Test("the body goes to standard output, and nothing else of a command that only looks")
  func looks() throws {
    let server = try FakeServer { _ in [.send("# working\na: 1\n # b\nOK state=degraded generation=7\n")] }
    let run = try ToolRun(["status"], server: server)
    #expect(run.status == 0 && run.output == "a: 1\n# b\n" && run.errors.isEmpty)
    #expect(server.lines == ["status"])
  }

  @Test("the last line is the result of a command that changes something, or that has nothing else to say")
  func changes() throws {
    let server = try FakeServer { line in
      [.send((line == "reload" ? "hot nats.grace\n" : "") + "OK changed=true generation=8\n")]
    }
    #expect(try ToolRun(["reload"], server: server).output == "hot nats.grace\nOK changed=true generation=8\n")
    #expect(try ToolRun(["wait", "ready", "3"], server: server).output == "OK changed=true generation=8\n")
  }

  @Test("arguments arrive as they were given, whatever is in them")
  func quoting() throws {
    let server = try FakeServer { _ in [.send("OK\n")] }
    let reason = "it's \"done\"; reload\\ #x"
    _ = try ToolRun(["nats", "optional", "--reason", reason], server: server)
    var parser = RequestParser()
    let parsed = parser.feed(Array(((server.lines.first ?? "") + "\n").utf8))
    #expect(parsed == [.request(Request(arguments: ["nats", "optional", "reason", reason]))])
  }

  @Test(
    "what a reply comes to",
    arguments: [
      ("ERR 400 bad-argument: x", 1), ("ERR 403 forbidden: x", 6), ("ERR 404 unknown-key: x", 1),
      ("ERR 409 restart-required: x", 4), ("ERR 409 reload-in-progress: x", 1), ("ERR 409 dependency-down: x", 1),
      ("ERR 412 generation-mismatch: x", 1), ("ERR 413 too-large: x", 1), ("ERR 422 invalid-config: x", 3),
      ("ERR 429 too-many-connections: x", 1), ("ERR 500 internal: x", 1), ("ERR 503 not-ready: x", 1),
      ("ERR 503 shutting-down: x", 1), ("ERR 504 timeout: x", 75), ("OK generation=1", 0),
    ])
  func statuses(line: String, status: Int32) throws {
    let server = try FakeServer { _ in [.send("told\n\(line) generation=3\n")] }
    let run = try ToolRun(["status"], server: server)
    #expect(run.status == status)
    #expect(run.output == "told\n")
    #expect(run.errors == (status == 0 ? "" : "marketprismctl: \(line.dropFirst(4)) generation=3\n"))
    let json = try FakeServer { line in
      guard line == "json status" else { return [.send("ERR 400 bad-argument: not asked for JSON\n")] }
      let parsed = Trailer(line: "ERR 403 forbidden: no")
      return [
        .send("\n\n{\"v\":1,\"ok\":false,\"code\":\(parsed?.code ?? 0),\"error\":\"forbidden\",\"message\":\"no\"}\n")
      ]
    }
    let refused = try ToolRun(["--json", "status"], server: json)
    #expect(refused.status == 6 && refused.errors == "marketprismctl: 403 forbidden: no\n")
    #expect(refused.output.hasPrefix("{\"v\":1,") && refused.output.hasSuffix("}\n"))
  }

  @Test("every error of the catalogue has a status of the table")
  func catalogue() throws {
    for error in ErrorCatalogue.all {
      let trailer = try #require(Trailer(line: "ERR \(error.code) \(error.slug): x"))
      #expect(ExitStatus.all.contains(ExitStatus.of(trailer, failDegraded: false)))
      #expect(ExitStatus.of(trailer, failDegraded: false) != .done)
    }
    #expect(ExitStatus.all.map(\.code) == [0, 1, 2, 3, 4, 5, 6, 69, 75])
  }

  @Test(
    "--fail-degraded asks for the state where the reply does not tell it",
    arguments: [
      ("OK state=degraded", "", 5), ("OK state=ok", "", 0), ("OK generation=2", "ok", 0),
      ("OK generation=2", "degraded", 5), ("OK generation=2", "failing", 5), ("ERR 503 not-ready: x", "", 5),
      ("ERR 404 unknown-key: x", "", 1), ("OK ready=yes", "", 0),
    ])
  func failDegraded(trailer: String, state: String, status: Int32) throws {
    let server = try FakeServer { line in [.send(line == "health" ? "OK state=\(state)\n" : trailer + "\n")] }
    let command = trailer.contains("ready=") ? ["health", "ready"] : ["status"]
    let run = try ToolRun(command + ["--fail-degraded"], server: server)
    #expect(run.status == status, "\(run.errors)")
    #expect(server.lines.contains("health") == !state.isEmpty)
    let plain = try ToolRun(command, server: server)
    #expect(plain.status == (status == 5 ? (trailer.hasPrefix("ERR") ? 1 : 0) : status))
  }

  @Test("nobody there is 69, and so is a reply without its end")
  func unavailable() throws {
    let nobody = try ToolRun(["health", "--socket", "/tmp/ctl-nobody/c.sock"])
    #expect(nobody.status == 69 && nobody.errors.contains("/tmp/ctl-nobody/c.sock: there is no such socket"))
    let long = try ToolRun(["health", "--socket", "/tmp/" + String(repeating: "x", count: 200)])
    #expect(long.status == 69 && long.errors.contains("107 bytes"))
    let server = try FakeServer { _ in [.send("state: ok\nOK state"), .close] }
    let cut = try ToolRun(["health"], server: server)
    #expect(cut.status == 69 && cut.errors.contains("before the reply was whole") && cut.output == "state: ok\n")
    let other = try FakeServer { _ in [.send("ERR hello\n")] }
    #expect(try ToolRun(["health"], server: other).status == 69)
  }

  @Test("a collector that is silent, or busy for longer than --timeout, is 75")
  func timedOut() throws {
    let silent = try FakeServer { _ in [.wait(milliseconds: 1500)] }
    let started = ContinuousClock.now
    let run = try ToolRun(["health", "--timeout", "250ms"], server: silent)
    #expect(run.status == 75 && ContinuousClock.now - started < .seconds(1), "\(run.errors)")
    let busy = try FakeServer { _ in
      Array(repeating: [Step.send("# working\n"), .wait(milliseconds: 50)], count: 30).flatMap { $0 }
    }
    #expect(try ToolRun(["reload", "--timeout", "300ms"], server: busy).status == 75)
  }

  @Test("a command that takes long says how far it is also where no person reads, each thing once")
  func slow() throws {
    let server = try FakeServer { _ in
      let working = Array(repeating: [Step.send("# working\n"), .wait(milliseconds: 100)], count: 25).flatMap { $0 }
      return working + [.send("# parsed 3 files\n"), .send("OK\n")]
    }
    let run = try ToolRun(["reload"], server: server)
    #expect(run.status == 0 && run.errors == "# working\n# parsed 3 files\n" && run.output == "OK\n")
  }

  @Test("a payload is sent whole, with an end that none of its lines is")
  func payload() throws {
    let server = try FakeServer { $0 == "EOF2" ? [.send("OK\n")] : [] }
    let run = try ToolRun(["config", "check", "-"], server: server, input: "a: 1\nEOF\nEOF1\r\nb: 2")
    #expect(run.status == 0)
    #expect(server.lines == ["config check <<EOF2", "a: 1", "EOF", "EOF1\r", "b: 2", "EOF2"])
    let file = try FakeServer { $0 == "EOF" ? [.send("OK\n")] : [] }
    _ = try ToolRun(["config", "diff"], server: file, input: "a: 1\n")
    #expect(file.lines == ["config diff <<EOF", "a: 1", "EOF"])
    let large = try ToolRun(
      ["config", "check", "-"], server: file, input: String(repeating: "x", count: (1 << 20) + 1))
    #expect(large.status == 2 && large.errors.contains("more than 1048576 bytes"))
    #expect(try ToolRun(["config", "check", "--fragment", "/nowhere/x.yaml"], server: file).status == 2)
    #expect(file.lines.count == 3)
  }

  @Test("lines of standard input are carried out up to the first that fails")
  func script() throws {
    let server = try FakeServer { line in
      switch line {
      case "reload": [.send("ERR 422 invalid-config: 2 errors\n")]
      case "json health": [.send("{\"v\":1,\"ok\":true,\"code\":200}\n")]
      default: [.send("said \(line)\nOK\n")]
      }
    }
    let run = try ToolRun([], server: server, input: "# all\nstatus; json health\n\nreload\nnats reset\n")
    #expect(run.status == 3 && run.output == "said status\n{\"v\":1,\"ok\":true,\"code\":200}\n")
    #expect(server.lines == ["status", "json health", "reload"])
    #expect(try ToolRun([], server: server, input: "status\nquit\nreload\n").status == 0)
    #expect(try ToolRun([], server: server, input: "'status\n").status == 1)
  }

  @Test("help, version and exit statuses come from the tables, without a collector")
  func help() throws {
    let help = try ToolRun(["--help"])
    #expect(help.status == 0)
    for row in CommandTable.all { #expect(help.output.contains(row.help)) }
    for option in ToolOption.all { #expect(help.output.contains(option.name) && help.output.contains(option.help)) }
    for status in ExitStatus.all { #expect(help.output.contains(status.meaning)) }
    #expect(try ToolRun(["--version"]).output == "marketprismctl \(ProductVersion.current)\n")
    #expect(try ToolRun(["nats", "--help"]).output.contains("[--for DURATION]"))
  }
}
