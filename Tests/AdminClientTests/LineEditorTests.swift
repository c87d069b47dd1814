import AdminClient
import AdminProtocol
import Testing

@Suite("The line editor")
struct LineEditorTests {
  private static let history = ["nats status", "reload dry-run", "book list"]

  /// What an editor holds after these bytes of a terminal, and what the last key asked for.
  private func typed(_ text: String) -> (editor: LineEditor, last: LineEditor.Action?) {
    var editor = LineEditor(history: Self.history, completer: Completion.following)
    var decoder = KeyDecoder()
    var last: LineEditor.Action?
    for key in decoder.feed(Array(text.utf8)) { last = editor.take(key) }
    if let key = decoder.flush() { last = editor.take(key) }
    return (editor, last)
  }

  @Test(
    "keys edit as in a shell",
    arguments: [
      ("abc", "abc", 3), ("abc\u{01}x", "xabc", 1), ("abc\u{01}\u{05}x", "abcx", 4),
      ("abc\u{1B}[D\u{1B}[Dx", "axbc", 2),
      ("abc\u{7F}", "ab", 2), ("abc\u{1B}[D\u{1B}[3~", "ab", 2), ("abc\u{01}\u{04}", "bc", 0),
      ("one two\u{17}x", "one x", 5), ("one two\u{1B}[D\u{0B}", "one tw", 6), ("one two\u{1B}[D\u{15}", "o", 0),
      ("one two\u{17}\u{01}\u{19}", "twoone ", 3), ("one two\u{1B}[1;5D\u{1B}[1;5Dx", "xone two", 1),
      ("one\u{1B}b\u{1B}fx", "onex", 4), ("é😀x\u{1B}[D\u{7F}", "éx", 1), ("\u{1B}[H\u{1B}[F\u{1B}OHa", "a", 1),
      ("a\u{1B}[99Zb", "ab", 2), ("\u{1B}[A", "book list", 9), ("\u{1B}[A\u{1B}[A\u{1B}[A\u{1B}[A", "nats status", 11),
      ("new\u{1B}[A\u{1B}[B", "new", 3), ("x\u{10}\u{0E}", "x", 1), ("\u{12}at", "nats status", 11),
      ("\u{12}st\u{12}", "nats status", 11), ("old\u{12}zzz\u{07}", "", 0), ("\u{12}dry\u{01}x", "xreload dry-run", 1),
    ])
  func edits(keys: String, text: String, cursor: Int) {
    let (editor, _) = typed(keys)
    #expect(String(editor.text) == text && editor.cursor == cursor)
  }

  @Test("what a key asks for")
  func actions() {
    #expect(typed("nats\r").last == .submit("nats"))
    #expect(typed("nats\u{03}").last == .cancel)
    #expect(typed("\u{04}").last == .end)
    #expect(typed("a\u{0C}").last == .clearScreen)
    #expect(typed("\u{7F}").last == .bell)
    #expect(typed("a\u{1B}").last == .bell)
    #expect(typed(String(repeating: "x", count: 9000)).editor.text.count == 8192)
  }

  @Test(
    "TAB completes from the command table",
    arguments: [
      ("na\t", "nats "), ("nats st\t", "nats status "), ("nats re\t", "nats re"),
      ("nats requ\tfo\t", "nats required for"),
      ("json he\t", "json he"), ("reload; ver\t", "reload; version "), ("log level de\t", "log level debug "),
      ("nats required for \t", "nats required for "), ("nats required for 5m re\t", "nats required for 5m reason "),
      ("nats status na\t", "nats status na"), ("zz\t", "zz"), ("help nats st\t", "help nats status "),
    ])
  func completes(keys: String, text: String) {
    #expect(String(typed(keys).editor.text) == text)
  }

  @Test("a second TAB offers the words that may follow")
  func offers() throws {
    guard case .offer(let entries)? = typed("nats re\t\t").last else {
      Issue.record("nothing is offered")
      return
    }
    #expect(entries.map(\.word) == ["required", "reset", "reconnect"])
    #expect(entries.allSatisfy { !$0.help.isEmpty })
    #expect(typed("nats re\t").last == .bell)
  }

  @Test("any bytes are taken, in pieces as at once")
  func anyBytes() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var whole = KeyDecoder()
      var pieces = KeyDecoder()
      let keys = whole.feed(bytes)
      #expect(keys == bytes.flatMap { pieces.feed([$0]) }, "\(bytes)")
      var editor = LineEditor(history: Self.history, completer: Completion.following)
      for key in keys {
        _ = editor.take(key)
        let drawn = LineView.drawn(prompt: "p> ", text: editor.text, cursor: editor.cursor, columns: 12)
        #expect(!drawn.isEmpty && editor.cursor <= editor.text.count)
      }
    }
  }

  @Test("a line that is too long for the terminal moves under the cursor and never wraps")
  func view() {
    let text = Array("0123456789abcdefghij")
    #expect(LineView.drawn(prompt: "> ", text: Array("ab"), cursor: 1, columns: 20) == "\r> ab\u{1B}[K\r\u{1B}[3C")
    #expect(LineView.drawn(prompt: "> ", text: text, cursor: 20, columns: 12) == "\r> bcdefghij\u{1B}[K\r\u{1B}[11C")
    #expect(LineView.drawn(prompt: "> ", text: text, cursor: 0, columns: 12) == "\r> 012345678\u{1B}[K\r\u{1B}[2C")
    let wide = LineView.drawn(prompt: "> ", text: Array("日本語日本語"), cursor: 6, columns: 10)
    #expect(wide == "\r> 日本語\u{1B}[K\r\u{1B}[8C")
  }
}
