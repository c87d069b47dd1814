import AdminProtocol
import Testing

@Suite("Command table")
struct CommandTableTests {
  private func resolve(_ line: String) throws -> Result<CommandCall, ProtocolError> {
    var parser = RequestParser()
    let input = try #require((parser.feed(Array(line.utf8)) + parser.endOfInput()).first)
    guard case .request(let request) = input else {
      Issue.record("no request: \(line)")
      return .failure(ProtocolError(.internalError, line))
    }
    return CommandTable.resolve(request)
  }

  private func call(_ line: String) throws -> CommandCall { try resolve(line).get() }

  private func refusal(_ line: String) throws -> String {
    switch try resolve(line) {
    case .success(let call): "accepted \(call.specification.name)"
    case .failure(let error): "\(error.slug.code) \(error.slug.slug): \(error.message)"
    }
  }

  @Test("every command stands in the table once, and its example is accepted")
  func examples() throws {
    #expect(CommandTable.all.map(\.id) == CommandID.allCases)
    #expect(Set(CommandTable.all.map(\.name)).count == CommandTable.all.count)
    for row in CommandTable.all {
      #expect(try call(row.example).id == row.id)
      #expect(!row.help.isEmpty)
      #expect(row.changes == (row.role > .viewer), "what changes something takes a role: \(row.name)")
    }
  }

  @Test("usage follows from the parameters")
  func usage() {
    func usage(_ id: CommandID) -> String? { CommandTable.all.first { $0.id == id }?.usage }
    #expect(usage(.help) == "help [COMMAND...]")
    #expect(usage(.version) == "version")
    #expect(usage(.health) == "health [live|ready]")
    #expect(usage(.natsRequired) == "nats required [force] [for DURATION] [reason TEXT]")
    #expect(usage(.bookShow) == "book show EXCHANGE MARKET SYMBOL [DEPTH]")
    #expect(usage(.configDiff) == "config diff [<<EOF]")
    #expect(usage(.logLevel) == "log level [LABEL] LEVEL [for DURATION]")
    #expect(
      usage(.reload) == "reload [dry-run] [if-generation N] [confirm-within DURATION] [allow-pending]")
  }

  @Test("arguments are typed and named")
  func arguments() throws {
    let nats = try call("json nats required reason 'broker upgrade' for 1h30m force")
    #expect(nats.json && nats.flag("force"))
    #expect(nats.duration("for") == .seconds(5400))
    #expect(nats.text("reason") == "broker upgrade")
    let book = try call("book show binance spot BTCUSDT 5")
    #expect(book.text("EXCHANGE") == "binance" && book.text("MARKET") == "spot" && book.text("SYMBOL") == "BTCUSDT")
    #expect(book.integer("DEPTH") == 5)
    #expect(try call("book show binance spot BTCUSDT").integer("DEPTH") == nil)
    #expect(try call("health").text("kind") == nil)
    #expect(try call("health live").text("kind") == "live")
    #expect(try call("reload if-generation 7 dry-run").integer("if-generation") == 7)
    #expect(try !call("reload").flag("dry-run"))
  }

  @Test("an optional argument in front gives way when there is only one")
  func optionalInFront() throws {
    let general = try call("log level debug for 10m")
    #expect(
      general.text("LABEL") == nil && general.text("LEVEL") == "debug" && general.duration("for") == .seconds(600))
    let label = try call("log level nats debug")
    #expect(label.text("LABEL") == "nats" && label.text("LEVEL") == "debug")
  }

  @Test("missing, superfluous and mistyped arguments are refused with the usage")
  func refused() throws {
    let bookUsage = "usage: book show EXCHANGE MARKET SYMBOL [DEPTH]"
    #expect(try refusal("book show binance spot") == "400 bad-argument: SYMBOL is missing; \(bookUsage)")
    #expect(
      try refusal("book show a b c 5 6") == "400 bad-argument: \"6\" is not expected here; \(bookUsage)")
    #expect(
      try refusal("book show a b c 0")
        == "400 bad-argument: DEPTH must be a whole number 1..5000, got \"0\"; \(bookUsage)")
    #expect(try refusal("book show a b c 99999999999999999999").hasPrefix("400 bad-argument: DEPTH must be"))
    #expect(try refusal("status now") == "400 bad-argument: \"now\" is not expected here; usage: status")
    #expect(try refusal("nats required for").hasPrefix("400 bad-argument: \"for\" needs DURATION after it"))
    #expect(try refusal("nats required for 0s").hasPrefix("400 bad-argument: DURATION must be like"))
    #expect(try refusal("nats required force force").hasPrefix("400 bad-argument: \"force\" stands twice"))
    #expect(try refusal("log level debgu").contains("did you mean \"debug\"?"))
    #expect(
      try refusal("health dead").hasPrefix("400 bad-argument: live|ready must be one of live, ready, got \"dead\""))
    #expect(try refusal("reload confirm-within 5").hasPrefix("400 bad-argument: DURATION must be like 30s"))
    #expect(try refusal("health <<EOF\nx\nEOF\n") == "400 bad-argument: \"health\" takes no payload")
  }

  @Test("an unknown command says what may have been meant")
  func unknown() throws {
    #expect(try refusal("helth") == "404 unknown-command: there is no command \"helth\"; did you mean \"health\"?")
    #expect(try refusal("nats requird").contains("did you mean \"nats required\"?"))
    #expect(try refusal("stauts all").contains("did you mean \"status\"?"))
    #expect(
      try refusal("book")
        == "404 unknown-command: \"book\" is not the whole command; there is "
        + "\"book list\", \"book show\", \"book verify\", \"book resync\"")
    #expect(try refusal("frobnicate").hasSuffix("\"help\" lists the commands"))
    #expect(try refusal("''").hasPrefix("404 unknown-command"))
    #expect(try refusal(String(repeating: "x", count: 5000)).count < 200)
  }

  @Test("durations are whole numbers with units, the largest first")
  func durations() {
    #expect(DurationText.parse("1d2h3m4s5ms") == .milliseconds(93_784_005))
    for bad in [
      "", "5", "s", "1s1m", "1s1s", "-1s", "1.5h", "0s", "99999999999999999999s", "9223372036854775807d", "367d", "1 s",
      "１s",
    ] {
      #expect(DurationText.parse(bad) == nil, "\(bad)")
    }
  }
}
