/// One word of a line. Only words without quotes can be `json` or `<<`.
struct LexedWord {
  var bytes: [UInt8]
  var quoted: Bool
}

/// A request while its words come in.
struct RequestDraft {
  private(set) var json = false
  private(set) var ending: [UInt8]?
  private let argumentLimit: Int
  private var words: [String] = []
  private var count = 0
  private var problem: ProtocolError?

  init(argumentLimit: Int) { self.argumentLimit = argumentLimit }

  mutating func add(_ word: LexedWord) {
    if !word.quoted && word.bytes.starts(with: "<<".utf8) {
      markPayload(Array(word.bytes.dropFirst(2)))
    } else if ending != nil {
      problem = problem ?? ProtocolError(.badArgument, "<< must be the last word of its request")
    } else if !word.quoted && !json && count == 0 && word.bytes.elementsEqual("json".utf8) {
      json = true
    } else {
      count += 1
      // The command's first word is not an argument.
      if count <= argumentLimit + 1 { words.append(String(decoding: word.bytes, as: UTF8.self)) }
    }
  }

  /// A misspelt tag still ends its payload: otherwise the payload's lines would be taken for commands.
  private mutating func markPayload(_ tag: [UInt8]) {
    if ending != nil {
      problem = problem ?? ProtocolError(.badArgument, "a request has one payload at most")
      return
    }
    ending = tag
    if tag.count > 64 || !tag.allSatisfy(Self.isTagByte) {
      problem = problem ?? ProtocolError(.badArgument, "the tag after << must be 1 to 64 of A-Z, 0-9 and _")
    }
  }

  func finished() -> LexedRequest {
    if count > argumentLimit + 1 {
      let message = "\(count - 1) arguments, at most \(argumentLimit) are taken"
      return .failure(ProtocolError(.tooLarge, message), json: json, ending: ending)
    }
    if let problem { return .failure(problem, json: json, ending: ending) }
    if words.isEmpty {
      return .failure(ProtocolError(.badArgument, "a command is missing"), json: json, ending: ending)
    }
    return .request(Request(json: json, arguments: words), ending: ending)
  }

  private static func isTagByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || byte == UInt8(ascii: "_")
  }
}
