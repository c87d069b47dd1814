import AdminProtocol

/// The last line of a reply: `OK key=value …` or `ERR code slug: message key=value …`.
package struct Trailer: Equatable {
  /// 200, or the error's code.
  package var code: Int
  /// The error's name; nil when it went well.
  package var slug: String?
  /// The error's sentence, its fields left out.
  package var message: String
  /// What the trailer says for scripts.
  package var fields: [ReplyField]
  /// The whole line.
  package var line: String

  /// Whether it went well.
  package var isOK: Bool { slug == nil }

  /// The value of a field.
  package subscript(key: String) -> String? { fields.first { $0.key == key }?.value }

  /// Reads a line that begins with `OK` or `ERR`; nil when the rest is not as it should be.
  package init?(line: String) {
    self.line = line
    let bytes = Array(line.utf8)
    if line == "OK" || line.hasPrefix("OK ") {
      code = 200
      message = ""
      guard let fields = TrailerFields.parse(bytes[2...]) else { return nil }
      self.fields = fields
      return
    }
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 3, words[0] == "ERR", let code = Int(words[1]), (100...999).contains(code) else { return nil }
    self.code = code
    let rest = Array(words[2].utf8)
    let name = rest.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") }
    guard !name.isEmpty else { return nil }
    slug = String(decoding: name, as: UTF8.self)
    let (text, fields) = TrailerFields.split(rest[name.endIndex...])
    self.fields = fields
    let told = text.drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }
    message = String(decoding: told, as: UTF8.self)
  }

  /// What a JSON reply says in its place.
  package init(json: JSONValue, line: String) {
    self.line = line
    code = Int(clamping: json["code"]?.integer ?? 500)
    slug = json["ok"] == .bool(true) ? nil : json["error"]?.string ?? "internal"
    message = json["message"]?.string ?? ""
    fields = ["changed", "generation"].compactMap { key in json[key].map { ReplyField(key, $0.shown) } }
    for (key, value) in json["data"]?.members ?? [] where value.string != nil {
      fields.append(ReplyField(key, value.shown))
    }
  }
}
