/// What a key takes, with its bounds.
package indirect enum ValueType: Sendable {
  case boolean
  case integer(ClosedRange<Int>)
  case duration(ClosedRange<Duration>)
  /// Bytes; a lower bound of -1 means that `-1` (no limit) may be written.
  case size(ClosedRange<Int>)
  case text(TextRule)
  case choice([String])
  case url(schemes: [String])
  /// Every item is of the given type and stands once.
  case list(ValueType, atLeastOne: Bool)

  /// For help and messages: `a whole number, 0…65535`.
  package var summary: String {
    switch self {
    case .boolean: "true or false"
    case .integer(let range): "a whole number, \(bounds(range, String.init))"
    case .duration(let range):
      "a duration with its unit, \(Units.show(range.lowerBound))…\(Units.show(range.upperBound))"
    case .size(let range): "a size with its unit, \(bounds(range, Units.show(bytes:)))"
    case .text(let rule): rule.summary
    case .choice(let names): "one of \(names.joined(separator: ", "))"
    case .url(let schemes): "a URL (\(schemes.map { "\($0)://" }.joined(separator: " or ")))"
    case .list(let item, _): "a list, every item \(item.summary)"
    }
  }

  private func bounds(_ range: ClosedRange<Int>, _ show: (Int) -> String) -> String {
    let upper = range.upperBound == .max ? "" : show(range.upperBound)
    return "\(show(range.lowerBound))…\(upper)"
  }

  /// What two texts of this type have in common when they mean the same.
  func identity(of text: String) -> String {
    guard case .text(let rule) = self else { return text }
    return rule.identity(of: text)
  }

  /// A value as it would be written in the file; the secret parts of URLs are replaced.
  package func show(_ value: SettingValue) -> String {
    switch (self, value) {
    case (_, .none): return "~"
    case (_, .boolean(let boolean)): return "\(boolean)"
    case (.size, .integer(let bytes)): return Units.show(bytes: bytes)
    case (_, .integer(let integer)): return "\(integer)"
    case (_, .duration(let duration)): return Units.show(duration)
    case (.url, .text(let text)): return URLCheck.redacted(text)
    case (_, .text(let text)): return text
    case (.list(let item, _), .list(let list)):
      return "[" + list.map { item.show(.text($0)) }.joined(separator: ", ") + "]"
    case (_, .list(let list)): return "[" + list.joined(separator: ", ") + "]"
    }
  }
}
