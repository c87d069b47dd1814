/// Writing scalars as YAML that this and any other reader takes as the same text.
enum YAMLText {
  /// A text, in double quotes where it could be taken for something else.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text.replacing("${", with: "$${"))
  }

  /// `[a, b]`.
  static func list(_ items: [String]) -> String {
    "[\(items.joined(separator: ", "))]"
  }

  /// Words that YAML 1.1 readers take for something else than a text.
  private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isWord(first) || first == UInt8(ascii: "/"), text.utf8.last != UInt8(ascii: ":")
    else { return false }
    return text.utf8.allSatisfy { isWord($0) || "-./+=@:*?%>".utf8.contains($0) }
      && !words.contains(text.lowercased()) && Double(text) == nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      // What a terminal would act on and what YAML does not count as printable.
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || isUnprintable(scalar):
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
    default: false
    }
  }
}
