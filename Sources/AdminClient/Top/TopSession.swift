import AdminProtocol

/// `top`: a screen of its own that is drawn anew every second until the user leaves it.
struct TopSession {
  private static let interval = Duration.seconds(1)
  private static let patience = Duration.seconds(3)

  /// Switch to the terminal's other screen and hide the cursor, and the way back (xterm's private modes).
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  private static let leave = "\u{1B}[?25h\u{1B}[?1049l"

  private let settings: ToolSettings
  private let streams: ToolStreams
  private let terminal: Terminal

  init(_ settings: ToolSettings, _ streams: ToolStreams, _ terminal: Terminal) {
    self.settings = settings
    self.streams = streams
    self.terminal = terminal
  }

  /// Runs until q, Ctrl-C or a signal; the terminal is then as it was but for its mode, which is the caller's.
  func run() {
    terminal.write(Self.enter)
    defer { terminal.write(Self.leave) }
    var decoder = KeyDecoder()
    var sample: TopSample?
    var previous: TopSample?
    var problem: String?
    var isPaused = false
    var next = ContinuousClock.now
    while Signals.end == nil {
      if !isPaused && ContinuousClock.now >= next {
        next = .now + Self.interval
        switch ask() {
        case .success(let new):
          // Rates over a gap in the connection would be those of another process.
          previous = problem == nil ? sample : nil
          (sample, problem) = (new, nil)
        case .failure(let error): problem = error.message
        }
      }
      draw(sample, previous, problem, isPaused)
      let rest = isPaused ? Self.interval : max(.zero, ContinuousClock.now.duration(to: next))
      guard let bytes = terminal.read(within: rest) else { return }
      for key in decoder.feed(bytes) + (bytes.isEmpty ? [decoder.flush()].compactMap { $0 } : []) {
        switch key {
        case .text("q"), .text("Q"), .control("c"), .control("d"): return
        case .text(" "): isPaused.toggle()
        default: break
        }
      }
    }
  }

  private func draw(_ sample: TopSample?, _ previous: TopSample?, _ problem: String?, _ isPaused: Bool) {
    let size = terminal.size
    var screen = TopScreen(columns: size.columns, rows: size.rows, colours: streams.colours)
    screen.sample = sample
    screen.previous = previous
    screen.problem = problem
    screen.isPaused = isPaused
    // Written over in place: an emptied screen would flicker. The last line has no line end, which would scroll.
    terminal.write("\u{1B}[H" + screen.lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
  }

  private func ask() -> Result<TopSample, ClientError> {
    let deadline = Deadline(in: settings.timeout ?? Self.patience)
    do throws(ClientError) {
      let connection = try AdminConnection(path: settings.socket, deadline: deadline)
      let time = ContinuousClock.now
      var replies: [JSONValue] = []
      for request in TopSample.requests {
        let reply = try connection.collect(request, deadline: deadline)
        if replies.isEmpty && !reply.trailer.isOK { throw .garbled(reply.trailer.line) }
        replies.append(reply.json ?? .null)
      }
      return .success(TopSample(time: time, replies: replies))
    } catch {
      return .failure(error)
    }
  }
}
