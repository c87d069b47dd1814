import AdminProtocol

/// Turns received bytes into the parts of replies, in whatever pieces they come.
package struct ReplyReader {
  /// One part of a reply.
  package enum Part: Equatable {
    /// How far the command is.
    case progress(String)
    /// A sign of life that says nothing.
    case heartbeat
    /// A line of the body, as it was before it was framed.
    case body(String)
    /// The end of a reply in lines.
    case trailer(Trailer)
    /// A reply that is one JSON object, as it was sent.
    case json(JSONValue, line: String)
  }

  /// A line longer than this is no reply of a collector, whose replies are bounded.
  private static let lineLimit = 64 << 20

  private let json: Bool
  private var line: [UInt8] = []

  /// Makes a reader; `json` says in which form replies are awaited.
  package init(json: Bool) { self.json = json }

  /// Takes the next bytes and returns what they completed.
  package mutating func feed(_ bytes: [UInt8]) throws(ClientError) -> [Part] {
    var parts: [Part] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      line += rest[..<end]
      rest = rest[(end + 1)...]
      parts.append(try part(String(decoding: line, as: UTF8.self)))
      line.removeAll(keepingCapacity: true)
    }
    line += rest
    guard line.count <= Self.lineLimit else { throw .garbled("a line has more than \(Self.lineLimit) bytes") }
    return parts
  }

  private func part(_ line: String) throws(ClientError) -> Part {
    if line.utf8.first == UInt8(ascii: "#") { return .progress(String(line.dropFirst(line.hasPrefix("# ") ? 2 : 1))) }
    if Self.isFraming(line) {
      // Also in JSON: who is turned away at once has not been asked for the form yet.
      guard let trailer = Trailer(line: line) else { throw .garbled(line) }
      return .trailer(trailer)
    }
    guard json else { return .body(Self.unframed(line)) }
    if line.isEmpty { return .heartbeat }
    guard let value = JSONReader.parse(line), case .object = value else { throw .garbled(line) }
    return .json(value, line: line)
  }

  private static func isFraming(_ line: String) -> Bool {
    line.utf8.starts(with: "OK".utf8) || line.utf8.starts(with: "ERR".utf8) || line.utf8.first == UInt8(ascii: "#")
  }

  /// A line that began like the framing was sent with a blank in front.
  private static func unframed(_ line: String) -> String {
    guard line.utf8.first == UInt8(ascii: " ") else { return line }
    let rest = String(line.dropFirst())
    return isFraming(rest) ? rest : line
  }
}
