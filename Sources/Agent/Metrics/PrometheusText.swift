/// Prometheus' text exposition format 0.0.4: escaping, numbers and names.
public enum PrometheusText {
  /// The content type of the format.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// `{a="b",c="d"}`, or nothing without labels. Names must be clean already.
  static func labels(_ pairs: [(name: String, value: String)]) -> String {
    if pairs.isEmpty { return "" }
    var text = "{"
    for (index, pair) in pairs.enumerated() {
      if index > 0 { text += "," }
      text += pair.name
      text += "=\""
      text += escaped(pair.value, quotes: true)
      text += "\""
    }
    return text + "}"
  }

  /// Escapes backslashes and line feeds, and quotes in label values.
  static func escaped(_ value: String, quotes: Bool) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A number without a needless point, so that counters read as whole numbers.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return value.description
  }

  /// A metric name in the collector's own space: other characters become `_`, the prefix is added where it is missing.
  static func metricName(_ label: String) -> String {
    let clean = cleaned(label)
    return clean.hasPrefix("marketprism_") ? clean : "marketprism_" + clean
  }

  /// A label name: other characters become `_`; it neither begins with a digit nor with the reserved `__`, nor is it
  /// `le`, which belongs to histograms.
  static func labelName(_ label: String) -> String {
    let clean = cleaned(label)
    let first = clean.utf8.first ?? UInt8(ascii: "0")
    let begins = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || clean.hasPrefix("__")
    return begins || clean == "le" ? "label_" + clean : clean
  }

  private static func cleaned(_ text: String) -> String {
    String(
      decoding: text.utf8.map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          byte
        default: UInt8(ascii: "_")
        }
      }, as: UTF8.self)
  }
}
