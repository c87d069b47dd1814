/// Every command of the admin socket, declared once.
public enum CommandTable {
  /// All commands, in the order help shows them.
  public static let all: [CommandSpecification] = connection + state + nats + exchanges + books + settings + operations

  /// Log levels from the most to the least talkative, as swift-log names them.
  public static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

  private static let connection = [
    command(.help, "help", [.rest("COMMAND")], "list the commands, or explain those that begin so", "help nats"),
    command(.version, "version", [], "name the running version", "version"),
    command(.quit, "quit", [], "end the connection", "quit"),
    command(.prompt, "prompt", [], "make the connection interactive: a prompt after each reply", "prompt"),
  ]

  private static let seconds = ParameterType.integer(0...86400)

  private static let state = [
    command(
      .health, "health", [.optional("kind", .choice(["live", "ready"]), display: "live|ready")],
      "the health checks, a line each", "health ready"),
    command(.status, "status", [], "collector, exchanges, NATS, books and settings at a glance", "status"),
    command(
      .stats, "stats", [.optional("format", .choice(["prometheus"]), display: "prometheus")],
      "all counters and gauges; prometheus: in the text format of /metrics", "stats"),
    command(
      .watch, "watch",
      [
        .required("what", .choice(["health", "events", "rates"]), display: "health|events|rates"),
        .optional("SECONDS", seconds),
      ], time: .asked,
      "a line each time health changes, something happens to the collector, or a second of rates is over",
      "watch rates 10"),
    command(
      .wait, "wait",
      [
        .required("for", .choice(["ready", "connected", "drained"]), display: "ready|connected|drained"),
        .required("SECONDS", seconds),
      ], time: .asked,
      "return as soon as it holds; 504 when the seconds are over", "wait ready 30"),
  ]

  private static let natsPolicy: [Parameter] = [
    .flag("force"), .option("for", "DURATION", .duration), .option("reason", "TEXT"),
  ]

  private static let nats = [
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
    command(
      .natsReconnect, "nats reconnect", [], role: .operator, changes: true,
      "have what was published confirmed, drop the link and dial again", "nats reconnect"),
  ]

  private static let exchanges = [
    command(.exchangeList, "exchange list", [], "exchanges and their sessions", "exchange list"),
    command(
      .exchangeShow, "exchange show", [.required("NAME")],
      "one entry of exchanges with its sessions, symbols and books",
      "exchange show binance-spot"),
    command(
      .exchangePause, "exchange pause",
      [.required("NAME"), .option("for", "DURATION", .duration), .option("reason", "TEXT")],
      role: .operator, changes: true, "close the connections of an entry and keep them closed until resumed",
      "exchange pause binance-spot for 10m"),
    command(
      .exchangeResume, "exchange resume", [.required("NAME")], role: .operator, changes: true,
      "connect a paused entry again", "exchange resume binance-spot"),
    command(
      .exchangeReconnect, "exchange reconnect", [.required("NAME")], role: .operator, changes: true,
      "drop the connections of an entry and dial again", "exchange reconnect binance-spot"),
  ]

  private static let book: [Parameter] = [.required("EXCHANGE"), .required("MARKET"), .required("SYMBOL")]
  private static let depth = Parameter.optional("DEPTH", .integer(1...5000))

  private static let books = [
    command(.bookList, "book list", [], "order books and whether they are synchronised", "book list"),
    command(
      .bookShow, "book show", book + [depth], "the best levels of one order book",
      "book show binance spot BTCUSDT 5"),
    command(
      .bookVerify, "book verify", book + [depth], "compare one order book with a fresh snapshot of the exchange",
      "book verify binance spot BTCUSDT"),
    command(
      .bookResync, "book resync", book, role: .operator, changes: true,
      "throw one order book away and build it from a fresh snapshot", "book resync binance spot BTCUSDT"),
  ]

  private static let settings = [
    command(
      .configShow, "config show", [.optional("KEY")], "the settings in force, secrets hidden", "config show nats"),
    command(
      .configSource, "config source", [.required("KEY")],
      "the file and line, environment variable or override a value comes from", "config source nats.optional"),
    command(.configSchema, "config schema", [], "the JSON Schema of the configuration", "config schema"),
    command(
      .configCheck, "config check", [], payload: true,
      "validate the files, or the payload as one more drop-in, and change nothing", "config check"),
    command(
      .configDiff, "config diff", [], payload: true,
      "what a reload would change and how: hot, rebuild or restart", "config diff"),
    command(
      .reload, "reload",
      [
        .flag("dry-run"), .option("if-generation", "N", .integer(0...Int.max)),
        .option("confirm-within", "DURATION", .duration), .flag("allow-pending"),
      ],
      role: .operator, changes: true, time: .reload,
      "read the settings again and apply what changed, all or nothing", "reload dry-run"),
    command(
      .confirm, "confirm", [], role: .operator, changes: true,
      "keep what reload confirm-within applied", "confirm"),
    command(
      .rollback, "rollback", [], role: .operator, changes: true, time: .reload,
      "return to the settings of the generation before", "rollback"),
    command(.history, "history", [], "the latest reloads: when, by whom, with what outcome", "history"),
  ]

  private static let operations = [
    command(
      .overrides, "overrides", [], "what was changed at run time, by whom, when, why and until when", "overrides"),
    command(
      .overridesClear, "overrides clear", [.optional("KEY")], role: .operator, changes: true,
      "return to the configured value of one key or of all", "overrides clear nats.optional"),
    command(
      .logLevel, "log level",
      [.optional("LABEL"), .required("LEVEL", .choice(logLevels)), .option("for", "DURATION", .duration)],
      role: .operator, changes: true,
      "change the log level of everything or of one label", "log level debug for 10m"),
    command(
      .drain, "drain", [], role: .operator, changes: true,
      "close the exchange connections, deliver what waits, and be not ready", "drain"),
    command(.undrain, "undrain", [], role: .operator, changes: true, "collect again after drain", "undrain"),
    command(.shutdown, "shutdown", [], role: .admin, changes: true, "end the collector as SIGTERM does", "shutdown"),
  ]

  private static func command(
    _ id: CommandID, _ words: String, _ parameters: [Parameter], role: Role = .viewer, changes: Bool = false,
    payload: Bool = false, time: CommandTime = .short, _ help: String, _ example: String
  ) -> CommandSpecification {
    CommandSpecification(
      id: id, words: words.split(separator: " ").map(String.init), parameters: parameters, role: role, help: help,
      example: example, changes: changes, takesPayload: payload, time: time)
  }
}
