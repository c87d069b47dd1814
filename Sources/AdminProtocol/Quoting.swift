/// Writes arguments so that the parser reads the same ones back.
public enum Quoting {
  /// One argument, in quotes only where it needs them.
  public static func argument(_ text: String) -> String {
    let bytes = text.utf8
    let plain =
      !bytes.isEmpty && !bytes.starts(with: "#".utf8) && !bytes.starts(with: "<<".utf8) && text != "json"
      && !bytes.contains { isSpecial($0) }
    if plain { return text }
    if !bytes.contains(UInt8(ascii: "'")) && !bytes.contains(UInt8(ascii: "\n")) { return "'" + text + "'" }
    return doubleQuoted(text)
  }

  /// A whole request on one line, without its line end. A NUL cannot be sent: the parser refuses it.
  public static func request(_ arguments: [String], json: Bool = false) -> String {
    (json ? "json " : "") + arguments.map(argument).joined(separator: " ")
  }

  /// A value of a trailer: as an argument, but always in double quotes where it needs any, and control characters visible.
  public static func value(_ text: String) -> String {
    let bytes = text.utf8
    guard bytes.isEmpty || bytes.contains(where: { isSpecial($0) }) else { return LineText.oneLine(text) }
    return doubleQuoted(text, visible: true)
  }

  private static func doubleQuoted(_ text: String, visible: Bool = false) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where visible && LineText.isControl(scalar): quoted.unicodeScalars.append("\u{FFFD}")
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
      || byte == UInt8(ascii: "\\")
  }
}
