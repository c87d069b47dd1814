/// How the subject of an event is formed: a preset's name or a template.
///
/// Placeholders: `{type}`, `{exchange}`, `{market_type}`, `{symbol}`; each stands for one token.
public struct SubjectTemplate: Sendable, Equatable {
  /// `{type}.{exchange}.{market_type}.{symbol}`: `trade.binance.spot.BTC-USDT`.
  public static let current = SubjectTemplate(unchecked: "{type}.{exchange}.{market_type}.{symbol}", lowercased: false)
  /// The early form, lower case: `market.binance.btc-usdt.trade`.
  public static let legacy = SubjectTemplate(unchecked: "market.{exchange}.{symbol}.{type}", lowercased: true)

  private static let placeholders = ["{type}", "{exchange}", "{market_type}", "{symbol}"]

  private let template: String
  private let lowercased: Bool

  private init(unchecked template: String, lowercased: Bool) {
    self.template = template
    self.lowercased = lowercased
  }

  /// Takes a preset's name or a template.
  ///
  /// - Returns: nil when the text is neither a preset nor a subject: empty tokens, blanks, wildcards, unknown or
  ///   unclosed placeholders, or no `{type}` or `{symbol}`, without which different events would share a subject.
  public init?(_ text: String) {
    switch text {
    case "current": self = .current
    case "legacy": self = .legacy
    default:
      var rest = text
      for placeholder in Self.placeholders { rest = Self.replace(placeholder, in: rest, by: "x") }
      let tokens = rest.split(separator: ".", omittingEmptySubsequences: false)
      let allowed = tokens.allSatisfy { token in
        !token.isEmpty && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array("*>{}".utf8).contains($0) }
      }
      guard allowed, text.contains("{type}"), text.contains("{symbol}") else { return nil }
      self.init(unchecked: text, lowercased: false)
    }
  }

  /// The subject of events of `type` of `instrument`. Characters that have a meaning in subjects become `_`.
  public func subject(for type: DataType, of instrument: Instrument) -> String {
    let values = [type.rawValue, instrument.exchange, instrument.market.rawValue, instrument.symbol]
    var subject = template
    for (placeholder, value) in zip(Self.placeholders, values) {
      subject = Self.replace(placeholder, in: subject, by: Self.token(value))
    }
    return lowercased ? subject.lowercased() : subject
  }

  private static func token(_ value: String) -> String {
    let bytes = value.utf8.map { $0 <= 0x20 || $0 == 0x7F || Array(".*>".utf8).contains($0) ? UInt8(ascii: "_") : $0 }
    return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
  }

  private static func replace(_ placeholder: String, in text: String, by value: String) -> String {
    let parts = split(Array(text.utf8), by: Array(placeholder.utf8))
    return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: value)
  }

  private static func split(_ text: [UInt8], by separator: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var index = 0
    while index < text.count {
      if text[index...].starts(with: separator) {
        parts.append([])
        index += separator.count
      } else {
        parts[parts.count - 1].append(text[index])
        index += 1
      }
    }
    return parts
  }
}
