/// How a line looks on one row of a terminal: what does not fit is moved out of sight around the cursor.
package enum LineView {
  /// What to write so that the row shows the prompt and the line, and the cursor stands where it belongs.
  ///
  /// - Parameters:
  ///   - prompt: Columns of it are its characters; `colour` is put around it.
  ///   - columns: Columns of the terminal.
  package static func drawn(
    prompt: String, colour: Colour? = nil, text: [Character], cursor: Int, columns: Int
  ) -> String {
    let shownPrompt = DisplayWidth.of(prompt) < columns / 2 ? prompt : "> "
    let promptWidth = DisplayWidth.of(shownPrompt)
    // The last column stays free: a terminal would wrap there.
    let room = max(1, columns - promptWidth - 1)
    var start = 0
    while start < cursor, DisplayWidth.of(text[start..<cursor]) > room { start += 1 }
    var end = start
    var width = 0
    while end < text.count, width + DisplayWidth.of(text[end]) <= room {
      width += DisplayWidth.of(text[end])
      end += 1
    }
    let column = promptWidth + DisplayWidth.of(text[start..<min(max(cursor, start), text.count)])
    let shown = colour?.around(shownPrompt) ?? shownPrompt
    let move = column == 0 ? "\r" : "\r\u{1B}[\(column)C"
    return "\r\(shown)\(String(text[start..<end]))\u{1B}[K\(move)"
  }
}
