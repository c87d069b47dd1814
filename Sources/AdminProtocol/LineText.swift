/// Makes any text fit the framing: what is received or configured must never break a line or drive a terminal.
package enum LineText {
  /// The text's lines, each safe to write. A text without a line end is one line.
  static func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    var afterReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\n" || afterReturn {
        // CR is a line end of its own as well as half of CRLF.
        lines.append(line)
        line = ""
        afterReturn = false
        if scalar == "\n" { continue }
      }
      if scalar == "\r" {
        afterReturn = true
      } else {
        append(scalar, to: &line)
      }
    }
    if !line.isEmpty || afterReturn || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// The text in one line: line ends become spaces.
  static func oneLine(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\r" {
        line.unicodeScalars.append(" ")
      } else {
        append(scalar, to: &line)
      }
    }
    return line
  }

  /// Whether a body line would be taken for a trailer or progress.
  static func looksLikeFraming(_ line: String) -> Bool {
    let bytes = line.utf8
    return bytes.starts(with: "OK".utf8) || bytes.starts(with: "ERR".utf8) || bytes.starts(with: "#".utf8)
  }

  /// At most `limit` characters of what somebody sent, for a message that repeats it.
  package static func clipped(_ text: String, to limit: Int = 64) -> String {
    text.count <= limit ? text : String(text.prefix(limit)) + "…"
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    // C0, DEL, C1, and the two separators that some readers take for line ends.
    (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
      || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  static func append(_ scalar: Unicode.Scalar, to line: inout String) {
    if isControl(scalar) {
      line += "\\u{" + String(scalar.value, radix: 16) + "}"
    } else {
      line.unicodeScalars.append(scalar)
    }
  }
}
