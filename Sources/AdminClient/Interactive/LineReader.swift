/// Reads lines from a terminal with a ``LineEditor``.
final class LineReader {
  /// What came of asking for a line.
  enum Outcome {
    case line(String)
    case cancelled
    case ended
  }

  /// A lone escape is told from the beginning of a sequence by what does not follow it.
  private static let escapeTime = Duration.milliseconds(50)

  private let terminal: Terminal
  private var decoder = KeyDecoder()
  private var waiting: [Key] = []

  init(_ terminal: Terminal) { self.terminal = terminal }

  /// Takes what was typed while a command ran; says whether Ctrl-C was among it.
  func typedAhead() -> Bool {
    guard let bytes = terminal.read(within: .zero) else { return true }
    let keys = decoder.feed(bytes)
    guard let interrupt = keys.lastIndex(of: .control("c")) else {
      waiting += keys.prefix(max(0, 4096 - waiting.count))
      return false
    }
    waiting = Array(keys[(interrupt + 1)...])
    return true
  }

  /// Asks for a line.
  func line(prompt: String, colour: Colour?, history: [String]) -> Outcome {
    var editor = LineEditor(history: history, completer: Completion.following)
    draw(editor, prompt, colour)
    while true {
      guard let key = nextKey() else { return finish(.ended) }
      switch editor.take(key) {
      case .redraw: draw(editor, prompt, colour)
      case .bell: terminal.write("\u{7}")
      case .clearScreen:
        terminal.write("\u{1B}[H\u{1B}[2J")
        draw(editor, prompt, colour)
      case .offer(let entries):
        offer(entries)
        draw(editor, prompt, colour)
      case .submit(let line): return finish(.line(line))
      case .cancel:
        terminal.write("^C")
        return finish(.cancelled)
      case .end: return finish(.ended)
      }
    }
  }

  private func finish(_ outcome: Outcome) -> Outcome {
    terminal.write("\r\n")
    return outcome
  }

  /// Nil when the terminal is gone or the process is to end.
  private func nextKey() -> Key? {
    while waiting.isEmpty {
      if Signals.end != nil { return nil }
      let time = decoder.isWaiting ? Self.escapeTime : .seconds(1)
      guard let bytes = terminal.read(within: time) else { return nil }
      if !bytes.isEmpty {
        waiting = decoder.feed(bytes)
      } else if decoder.isWaiting, let key = decoder.flush() {
        waiting = [key]
      }
    }
    return waiting.removeFirst()
  }

  private func draw(_ editor: LineEditor, _ prompt: String, _ colour: Colour?) {
    let shown = editor.search.map { "(search \"\($0)\") " } ?? prompt
    terminal.write(
      LineView.drawn(
        prompt: shown, colour: editor.search == nil ? colour : nil, text: editor.text, cursor: editor.cursor,
        columns: terminal.size.columns))
  }

  private func offer(_ entries: [CompletionEntry]) {
    let width = entries.map { DisplayWidth.of($0.word) }.max() ?? 0
    let columns = terminal.size.columns
    let lines = entries.map { entry in
      let line = "  " + DisplayWidth.fitted(entry.word, to: width) + "  " + entry.help
      return DisplayWidth.of(line) < columns ? line : DisplayWidth.fitted(line, to: columns - 1)
    }
    terminal.write("\r\n" + lines.joined(separator: "\r\n") + "\r\n")
  }
}
