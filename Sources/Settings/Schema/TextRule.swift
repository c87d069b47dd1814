import Glibc

/// What a text must look like.
package enum TextRule: Sendable {
  /// Anything but nothing.
  case plain
  /// A path of at most so many bytes.
  case path(maximumBytes: Int)
  /// A host name or an address, without a port.
  case host
  /// A name that can stand in a metric label, a subject and a key path.
  case name
  /// An instrument in an exchange's spelling or the canonical one.
  case symbol
  /// A preset or a template of NATS subjects.
  case subject

  /// Presets of `nats.subject`.
  static let subjectPresets = ["current", "legacy"]
  /// Placeholders of a template.
  static let subjectPlaceholders = ["type", "exchange", "market_type", "symbol"]

  package var summary: String {
    switch self {
    case .plain: "a text"
    case .path(let maximum): "a path of at most \(maximum) bytes"
    case .host: "a host name or address"
    case .name: "a name of letters, digits, «_», «-»"
    case .symbol: "a symbol (without spaces or any of . * > , ; ? & # %)"
    case .subject: "current, legacy or a template with {type}, {exchange}, {market_type}, {symbol}"
    }
  }

  /// What two texts have in common when they mean the same: BTC-USDT and btcusdt are one instrument.
  func identity(of text: String) -> String {
    guard case .symbol = self else { return text }
    return String(text.uppercased().filter { !"-_/".contains($0) })
  }

  func problem(with text: String) -> ValueProblem? {
    if text.isEmpty { return ValueProblem("expected \(summary), found an empty text") }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      return ValueProblem("a control character in \(Shown.value(text))")
    }
    if case .subject = self { return subjectProblem(text) }
    let sound =
      switch self {
      case .plain: true
      case .path(let maximum): text.utf8.count <= maximum
      case .host: isHost(text)
      case .name: text.utf8.count <= 64 && text.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: "-") }
      // Exchanges list instruments with Chinese names: only what breaks a subject or a request is refused.
      case .symbol: text.utf8.count <= 64 && !text.contains { $0.isWhitespace || ".*>,;?&#%\"\\".contains($0) }
      case .subject: true
      }
    return sound ? nil : ValueProblem("expected \(summary), found \(Shown.value(text))")
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private func isHost(_ text: String) -> Bool {
    if text.contains(":") {
      var address = in6_addr()
      return inet_pton(AF_INET6, text, &address) == 1
    }
    if text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }) {
      var address = in_addr()
      return inet_pton(AF_INET, text, &address) == 1
    }
    return text.utf8.count <= 253
      && text.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  private func subjectProblem(_ text: String) -> ValueProblem? {
    if Self.subjectPresets.contains(text) { return nil }
    guard text.contains("{") else {
      let hint = Suggestion.phrase(for: text, among: Self.subjectPresets)
      return ValueProblem("expected \(summary), found \(Shown.value(text))\(hint)")
    }
    for token in text.split(separator: ".", omittingEmptySubsequences: false) {
      if token.isEmpty { return ValueProblem("a subject's parts must not be empty, found \(Shown.value(text))") }
      if token.contains(where: { $0.isWhitespace || $0 == "*" || $0 == ">" }) {
        return ValueProblem("a subject has no spaces, «*» or «>», found \(Shown.value(text))")
      }
    }
    for piece in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
      let name = String(piece.prefix { $0 != "}" })
      guard name.count < piece.count else { return ValueProblem("«{» without «}» in \(Shown.value(text))") }
      if !Self.subjectPlaceholders.contains(name) {
        let hint = Suggestion.phrase(for: name, among: Self.subjectPlaceholders)
        return ValueProblem("unknown placeholder \(Shown.text(name)) in a subject\(hint)")
      }
    }
    return nil
  }
}
