/// How many columns text takes on a terminal.
package enum DisplayWidth {
  /// Columns of one character: 2 for wide East Asian characters and pictures, else 1.
  package static func of(_ character: Character) -> Int {
    guard let value = character.unicodeScalars.first?.value else { return 0 }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// Columns of a text without control characters.
  package static func of(_ text: some Sequence<Character>) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The text cut or filled up to exactly so many columns.
  package static func fitted(_ text: String, to columns: Int, right: Bool = false) -> String {
    var cut = ""
    var width = 0
    for character in text {
      let next = of(character)
      if width + next > columns {
        // What was cut is marked, where there is room for it.
        while width + 1 > columns, let last = cut.popLast() { width -= of(last) }
        if columns > 0 { cut.append("…") }
        width += columns > 0 ? 1 : 0
        break
      }
      cut.append(character)
      width += next
    }
    let filling = String(repeating: " ", count: max(0, columns - width))
    return right ? filling + cut : cut + filling
  }
}
