import AdminClient
import AdminProtocol
import Testing

@Suite("The command line")
struct ToolArgumentsTests {
  private func words(_ line: String) throws -> [String] {
    let arguments = try ToolArguments(line.split(separator: " ").map(String.init), environment: [:])
    guard case .command(let request, _) = arguments.invocation else { return ["\(arguments.invocation)"] }
    return request.arguments
  }

  @Test("keywords of a command may be written as options")
  func keywords() throws {
    #expect(try words("nats required --for 30m") == ["nats", "required", "for", "30m"])
    #expect(try words("nats required for 30m") == ["nats", "required", "for", "30m"])
    #expect(try words("nats optional --for=2h --force") == ["nats", "optional", "for", "2h", "force"])
    #expect(
      try words("reload --dry-run --if-generation 3 --confirm-within 1m --allow-pending")
        == ["reload", "dry-run", "if-generation", "3", "confirm-within", "1m", "allow-pending"])
    #expect(try words("--json exchange pause x --reason a") == ["exchange", "pause", "x", "reason", "a"])
  }

  @Test("every keyword of every command of the table is an option")
  func wholeTable() throws {
    for row in CommandTable.all {
      for parameter in CommandWords.keywords(of: row) {
        let value: String? =
          switch (parameter.kind, parameter.type) {
          case (.flag, _): nil
          case (_, .duration): "5m"
          case (_, .integer): "1"
          default: "text"
          }
        let needed = row.parameters.filter { $0.kind == .positional(optional: false) }.map { needed in
          if case .choice(let words) = needed.type { words[0] } else { "1" }
        }
        let line = row.words + needed + ["--\(parameter.name)"] + (value.map { [$0] } ?? [])
        let expected = row.words + needed + [parameter.name] + (value.map { [$0] } ?? [])
        #expect(try words(line.joined(separator: " ")) == expected)
      }
    }
  }

  @Test("the example of every command is accepted, and every command has help")
  func examples() throws {
    for row in CommandTable.all {
      var parser = RequestParser()
      let parsed = parser.feed(Array((row.example + "\n").utf8))
      guard case .request(let request)? = parsed.first else {
        Issue.record("\(row.example): \(parsed)")
        continue
      }
      let arguments = try ToolArguments(request.arguments, environment: [:])
      if row.id == .prompt {
        #expect(arguments.invocation == .interactive)
      } else if case .command(let sent, _) = arguments.invocation {
        #expect(sent.arguments == request.arguments)
      } else {
        Issue.record("\(row.example): \(arguments.invocation)")
      }
      let help = try ToolRun(row.words + ["--help"])
      #expect(help.status == 0 && help.output.contains("marketprismctl \(row.name)"), "\(row.name)")
    }
  }

  @Test("options of the tool stand anywhere; seconds need no unit")
  func options() throws {
    let arguments = try ToolArguments(
      ["reload", "--timeout", "25", "--json", "--fail-degraded", "--socket=/tmp/x"], environment: [:])
    #expect(arguments.settings.timeout == .seconds(25))
    #expect(arguments.settings.json && arguments.settings.failDegraded && arguments.settings.socket == "/tmp/x")
    #expect(try ToolArguments(["--timeout=1m30s", "health"], environment: [:]).settings.timeout == .seconds(90))
    let byVariable = try ToolArguments(["health"], environment: ["MARKETPRISM_SOCKET": "/tmp/y"])
    #expect(byVariable.settings.socket == "/tmp/y")
    #expect(try ToolArguments(["health"], environment: [:]).settings.socket == "/run/marketprism/collector.sock")
  }

  @Test("a payload is a file, standard input for «-», and otherwise a file on standard input")
  func payloads() throws {
    func source(_ words: [String]) throws -> PayloadSource? {
      guard case .command(_, let source) = try ToolArguments(words, environment: [:]).invocation else { return nil }
      return source
    }
    #expect(try source(["config", "check", "-"]) == .input)
    #expect(try source(["config", "check"]) == .inputFile)
    #expect(try source(["config", "diff", "--fragment", "a.yaml"]) == .file("a.yaml"))
    #expect(try source(["config", "check", "--fragment", "-"]) == .input)
    #expect(try source(["health"]) == PayloadSource.none)
  }

  @Test(
    "mistakes are told before anything is sent, with status 2",
    arguments: [
      ("helth", "did you mean \"health\""), ("nats", "\"nats status\""), ("nats required --fore", "did you mean --for"),
      ("--jsn health", "did you mean --json"), ("--force nats required", "must stand after its command"),
      ("reload --if-generation", "needs N"), ("reload --if-generation x", "whole number"),
      ("reload --dry-run=1", "takes no value"), ("health --timeout soon", "--timeout must be"),
      ("status --nagios", "--nagios is for \"health\""), ("health ready --nagios", "without arguments"),
      ("status --fragment x", "\"config check\""), ("health -x", "no option -x"), ("--json=1 health", "takes no value"),
      ("book show binance", "usage: book show"), ("--timeout", "needs DURATION"), ("--socket= health", "is empty"),
      ("log level loud", "must be one of"), ("nonsense --help", "no command"),
    ])
  func mistakes(line: String, told: String) throws {
    let server = try FakeServer { _ in [.send("OK\n")] }
    let run = try ToolRun(line.split(separator: " ").map(String.init), server: server)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("marketprismctl: ") && run.errors.contains(told), "\(run.errors)")
    #expect(run.output.isEmpty && server.lines.isEmpty)
  }
}
