import AdminProtocol

/// The tool on a terminal without a command: asks for lines, sends them, and shows the state in its prompt.
struct InteractiveSession {
  /// The prompt must not keep anybody waiting.
  private static let stateTime = Duration.seconds(2)

  private let settings: ToolSettings
  private let streams: ToolStreams
  private let terminal: Terminal
  private let reader: LineReader
  private var history: History
  private var parser = RequestParser()

  /// Nil when there is no terminal.
  init?(_ settings: ToolSettings, _ streams: ToolStreams, history: History) {
    guard let terminal = Terminal(input: streams.input, output: streams.output) else { return nil }
    self.settings = settings
    self.streams = streams
    self.terminal = terminal
    self.history = history
    reader = LineReader(terminal)
  }

  /// Runs until the user leaves.
  mutating func run() -> ExitStatus {
    Signals.watch()
    terminal.makeRaw()
    defer { leave() }
    streams.line(
      "MarketPrism \(ProductVersion.current), \(settings.socket). TAB completes, «help» lists the commands, Ctrl-D leaves."
    )
    while true {
      let state = parser.awaitsPayload ? nil : state()
      let prompt = state.map { "marketprism[\($0)]> " } ?? "payload> "
      let colour = streams.colours ? state.flatMap { Colour.of(state: $0) ?? .red } : nil
      switch reader.line(prompt: prompt, colour: colour, history: history.lines) {
      case .ended: return .done
      case .cancelled: parser = RequestParser()
      case .line(let line):
        if !parser.awaitsPayload { history.add(line) }
        for input in parser.feed(Array((line + "\n").utf8)) where !carryOut(input) { return .done }
      }
    }
  }

  private func leave() {
    terminal.restore()
    if let number = Signals.end { Signals.pass(number) }
  }

  /// False when the user asked to leave.
  private func carryOut(_ input: ParsedInput) -> Bool {
    switch input {
    case .failure(let error, _): streams.error("\(error.slug.code) \(error.slug.slug): \(error.message)")
    case .request(var request):
      if ["quit", "exit"].contains(request.arguments.first) { return false }
      if request.arguments == ["top"] {
        TopSession(settings, streams, terminal).run()
        return Signals.end == nil
      }
      if let translated = Self.translated(request) { request = translated }
      // The collector's own prompt would stand in the way of the next reply.
      if (try? CommandTable.resolve(request).get().id) == .prompt { return true }
      let interrupt = Interrupt(
        descriptor: streams.input, isSignalled: { Signals.end != nil },
        isAsked: { [reader] in reader.typedAhead() || Signals.end != nil })
      _ = RequestRunner(settings, streams).run(request, interrupt: interrupt)
    }
    return Signals.end == nil
  }

  /// A request with options of the command line in it, as the protocol has it; nil when there is nothing to translate.
  private static func translated(_ request: Request) -> Request? {
    guard case .failure = CommandTable.resolve(request) else { return nil }
    let words = request.arguments.map { word -> CommandWords.Word in
      guard word.hasPrefix("--") else { return .literal(word) }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return .option(parts.first.map(String.init) ?? "", attached: parts.count > 1 ? String(parts[1]) : nil)
    }
    guard let arguments = try? CommandWords.arguments(words) else { return nil }
    return Request(json: request.json, arguments: arguments, payload: request.payload)
  }

  /// The word in the prompt.
  private func state() -> String {
    let deadline = Deadline(in: Self.stateTime)
    do throws(ClientError) {
      let connection = try AdminConnection(path: settings.socket, deadline: deadline)
      return try connection.collect(Request(arguments: ["health"]), deadline: deadline).trailer["state"] ?? "unknown"
    } catch {
      if case .cannotConnect = error { return "not connected" }
      return "no answer"
    }
  }
}
