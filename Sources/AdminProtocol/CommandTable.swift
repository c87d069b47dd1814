/// Every command of the admin socket, declared once.
public enum CommandTable {
  /// All commands, in the order help shows them.
  public static let all: [CommandSpecification] = [
    command(.help, "help", [.rest("COMMAND")], "list the commands, or explain those that begin so", "help nats"),
    command(.version, "version", [], "name the running version", "version"),
    command(.quit, "quit", [], "end the connection", "quit"),
    command(.prompt, "prompt", [], "make the connection interactive: a prompt after each reply", "prompt"),
    command(
      .health, "health", [.optional("kind", .choice(["live", "ready"]), display: "live|ready")],
      "the health checks, a line each", "health ready"),
    command(.status, "status", [], "collector, exchanges, NATS, books and settings at a glance", "status"),
    command(
      .natsStatus, "nats status", [], "state of the NATS link, its policy and where that comes from", "nats status"),
    command(
      .natsOptional, "nats optional", natsPolicy, role: .operator, changes: true,
      "go on without NATS from now on", "nats optional for 2h reason 'broker upgrade'"),
    command(
      .natsRequired, "nats required", natsPolicy, role: .operator, changes: true,
      "be ready only with NATS from now on; force does it although NATS is down", "nats required force"),
    command(
      .natsReset, "nats reset", [], role: .operator, changes: true,
      "return to the configured NATS policy", "nats reset"),
    command(.exchangeList, "exchange list", [], "exchanges and their sessions", "exchange list"),
    command(.bookList, "book list", [], "order books and whether they are synchronised", "book list"),
    command(
      .bookShow, "book show",
      [.required("EXCHANGE"), .required("MARKET"), .required("SYMBOL"), .optional("DEPTH", .integer(1...5000))],
      "the best levels of one order book", "book show binance spot BTCUSDT 5"),
    command(
      .logLevel, "log level",
      [.optional("LABEL"), .required("LEVEL", .choice(logLevels)), .option("for", "DURATION", .duration)],
      role: .operator, changes: true,
      "change the log level of everything or of one label", "log level debug for 10m"),
    command(
      .reload, "reload", [.flag("dry-run"), .option("if-generation", "N", .integer(0...Int.max))],
      role: .operator, changes: true,
      "read the settings again and apply what changed", "reload dry-run"),
  ]

  /// Log levels from the most to the least talkative, as swift-log names them.
  public static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

  private static let natsPolicy: [Parameter] = [
    .flag("force"), .option("for", "DURATION", .duration), .option("reason", "TEXT"),
  ]

  private static func command(
    _ id: CommandID, _ words: String, _ parameters: [Parameter], role: Role = .viewer, changes: Bool = false,
    _ help: String, _ example: String
  ) -> CommandSpecification {
    CommandSpecification(
      id: id, words: words.split(separator: " ").map(String.init), parameters: parameters, role: role, help: help,
      example: example, changes: changes)
  }
}
