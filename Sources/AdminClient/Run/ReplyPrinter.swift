import AdminProtocol

/// Prints the parts of one reply as they come: the body to standard output, the rest to standard error.
struct ReplyPrinter {
  /// A command that takes longer than this says how far it is, also where no person reads.
  private static let slow = Duration.seconds(2)

  private let streams: ToolStreams
  private let changes: Bool
  private let started = ContinuousClock.now
  private var hasBody = false
  private var lastProgress = ""
  private var isProgressShown = false

  /// `changes`: the command may change something, so that its last line is its result.
  init(_ streams: ToolStreams, changes: Bool) {
    self.streams = streams
    self.changes = changes
  }

  mutating func print(_ part: ReplyReader.Part) {
    switch part {
    case .heartbeat: break
    case .progress(let text): progress(text)
    case .body(let line):
      clearProgress()
      hasBody = true
      streams.line(line)
    case .trailer(let trailer):
      clearProgress()
      if !trailer.isOK { streams.error(Self.told(trailer)) } else { acknowledge(trailer) }
    case .json(let value, let line):
      streams.line(line)
      let trailer = Trailer(json: value, line: line)
      if !trailer.isOK { streams.error("\(trailer.code) \(trailer.slug ?? ""): \(trailer.message)") }
    }
  }

  /// What is shown of how far it is disappears.
  mutating func clearProgress() {
    if isProgressShown { ToolStreams.write("\r\u{1B}[K", to: streams.errors) }
    isProgressShown = false
  }

  /// The last line goes where nothing else tells the result. A body that may be read by a program stays alone.
  private func acknowledge(_ trailer: Trailer) {
    if changes || !hasBody {
      streams.line(trailer.line)
    } else if streams.isOutputTerminal && streams.isErrorTerminal {
      ToolStreams.write(trailer.line + "\n", to: streams.errors)
    }
  }

  private mutating func progress(_ text: String) {
    if streams.isErrorTerminal {
      // One line, written over: what a person wants to know is where it stands now.
      ToolStreams.write("\r\u{1B}[K# \(text.prefix(70))", to: streams.errors)
      isProgressShown = true
    } else if ContinuousClock.now - started > Self.slow, text != lastProgress {
      ToolStreams.write("# \(text)\n", to: streams.errors)
      lastProgress = text
    }
  }

  /// `ERR 404 unknown-key: …` without what the program's name says already.
  private static func told(_ trailer: Trailer) -> String { String(trailer.line.dropFirst("ERR ".count)) }
}
