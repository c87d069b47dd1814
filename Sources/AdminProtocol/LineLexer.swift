/// What one line holds, in order: requests that may still wait for a payload, and things that are no request.
enum LexedRequest {
  /// `ending` is what ends the payload that follows the line: a tag, or nothing for an empty line.
  case request(Request, ending: [UInt8]?)
  case failure(ProtocolError, json: Bool, ending: [UInt8]?)
}

/// Splits one line into requests and removes their quotes.
///
/// After bad quoting nobody can say where the next request begins, so one failure answers for the rest of the line.
struct LineLexer {
  private let line: [UInt8]
  private let argumentLimit: Int
  private var position = 0

  /// `line` is valid UTF-8 without its line end.
  init(_ line: [UInt8], argumentLimit: Int) {
    self.line = line
    self.argumentLimit = argumentLimit
  }

  /// Whether a line, or what has come of it, can only be a comment.
  static func isComment(_ line: [UInt8]) -> Bool { line.first { !isBlank($0) } == UInt8(ascii: "#") }

  /// Whether a line that cannot be read as a whole begins as a JSON request.
  static func asksForJSON(_ line: [UInt8]) -> Bool {
    let rest = line.drop(while: isBlank)
    guard rest.starts(with: "json".utf8), let next = rest.dropFirst(4).first else { return false }
    return isBlank(next)
  }

  mutating func requests() -> [LexedRequest] {
    var lexed: [LexedRequest] = []
    while true {
      skipBlanks()
      guard let byte = current, byte != UInt8(ascii: "#") else { return lexed }
      if byte == UInt8(ascii: ";") {
        position += 1
        continue
      }
      var draft = RequestDraft(argumentLimit: argumentLimit)
      do {
        while let word = try nextWord() { draft.add(word) }
        lexed.append(draft.finished())
      } catch {
        lexed.append(.failure(error, json: draft.json, ending: draft.ending))
        return lexed
      }
    }
  }

  /// The next word of the request at hand, nil at its end.
  private mutating func nextWord() throws(ProtocolError) -> LexedWord? {
    skipBlanks()
    guard let first = current, first != UInt8(ascii: ";") else { return nil }
    let quoted = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
    let bytes =
      switch first {
      case UInt8(ascii: "'"): try singleQuoted()
      case UInt8(ascii: "\""): try doubleQuoted()
      default: try bare()
      }
    return LexedWord(bytes: bytes, quoted: quoted)
  }

  private mutating func bare() throws(ProtocolError) -> [UInt8] {
    let start = position
    while let byte = current, !Self.isBlank(byte), byte != UInt8(ascii: ";") {
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        throw badQuoting("a quote inside a word; quote the whole argument")
      }
      position += 1
    }
    return Array(line[start..<position])
  }

  private mutating func singleQuoted() throws(ProtocolError) -> [UInt8] {
    position += 1
    let start = position
    while let byte = current {
      if byte == UInt8(ascii: "'") {
        let text = Array(line[start..<position])
        try closeQuote()
        return text
      }
      position += 1
    }
    throw badQuoting("' is not closed before the end of the line")
  }

  private mutating func doubleQuoted() throws(ProtocolError) -> [UInt8] {
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        try closeQuote()
        return text
      case UInt8(ascii: "\\"):
        position += 1
        switch current {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        default: throw badQuoting("a \\ in double quotes must be followed by \", \\ or n")
        }
      default:
        text.append(byte)
      }
      position += 1
    }
    throw badQuoting("\" is not closed before the end of the line")
  }

  private mutating func closeQuote() throws(ProtocolError) {
    position += 1
    guard let next = current, !Self.isBlank(next), next != UInt8(ascii: ";") else { return }
    throw badQuoting("a closing quote must be followed by a space or the end of the request")
  }

  private func badQuoting(_ problem: String) -> ProtocolError {
    ProtocolError(.badQuoting, "\(problem) (byte \(position &+ 1)); the rest of the line is ignored")
  }

  private var current: UInt8? { position < line.count ? line[position] : nil }

  private mutating func skipBlanks() {
    while let byte = current, Self.isBlank(byte) { position += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
