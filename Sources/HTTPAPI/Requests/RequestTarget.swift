import AdminProtocol

/// The path and the query of a request, decoded.
struct RequestTarget {
  /// The parts between slashes, percent-decoded.
  var segments: [String]
  /// The query in order.
  var query: [(name: String, value: String)]

  /// Reads `/a/b?c=d`, or the absolute form `http://host/a/b?c=d` that proxies send.
  ///
  /// - Throws: 413 too-large over `limit` bytes, 400 bad-encoding for a broken percent escape, a control character or
  ///   text that is not UTF-8, 400 bad-argument for a query that is not `name=value&…` or names something twice.
  init(_ target: String, limit: Int) throws(ProtocolError) {
    guard target.utf8.count <= limit else {
      throw ProtocolError(.tooLarge, "the request target is longer than \(limit) bytes")
    }
    var rest = target[...]
    if !rest.hasPrefix("/"), let authority = rest.firstRange(of: "://") {
      let afterHost = rest[authority.upperBound...].firstIndex { $0 == "/" || $0 == "?" }
      rest = afterHost.map { rest[$0...] } ?? "/"
    }
    let pieces = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = pieces.first ?? "/"
    segments = []
    for segment in path.dropFirst(path.hasPrefix("/") ? 1 : 0).split(separator: "/", omittingEmptySubsequences: false) {
      segments.append(try Self.decoded(segment))
    }
    query = []
    guard pieces.count == 2, !pieces[1].isEmpty else { return }
    for pair in pieces[1].split(separator: "&", omittingEmptySubsequences: false) {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty else {
        throw ProtocolError(.badArgument, "the query must be name=value pairs joined by &")
      }
      let name = try Self.decoded(sides[0])
      guard !query.contains(where: { $0.name == name }) else {
        throw ProtocolError(
          .badArgument, "the query names \(quoted(name)) twice", fields: [ReplyField("parameter", clipped(name))])
      }
      query.append((name, try Self.decoded(sides[1])))
    }
  }

  private static func decoded(_ text: Substring) throws(ProtocolError) -> String {
    var bytes: [UInt8] = []
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = source.next().flatMap(hexValue), let low = source.next().flatMap(hexValue) else {
        throw ProtocolError(.badEncoding, "a % must be followed by two hexadecimal digits")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self),
      !decoded.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else { throw ProtocolError(.badEncoding, "the request target is not plain UTF-8 text") }
    return decoded
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// At most 64 characters of what a client sent, for an answer that repeats it.
func clipped(_ text: String) -> String { text.count <= 64 ? text : String(text.prefix(64)) + "…" }

/// The same in quotes.
func quoted(_ text: String) -> String { "\"\(clipped(text))\"" }
