import AdminProtocol

/// Rules of the request parser for any bytes.
enum ParserTarget {
  static func feed(_ input: [UInt8]) throws(FuzzFailure) {
    try feed(input, limits: ProtocolLimits())
    try feed(input, limits: ProtocolLimits(lineBytes: 40, arguments: 4, payloadBytes: 60))
  }

  private static func feed(_ input: [UInt8], limits: ProtocolLimits) throws(FuzzFailure) {
    var parser = RequestParser(limits: limits)
    let whole = parser.feed(input) + parser.endOfInput()
    let next = parser.feed(Array("health\n".utf8))
    try require(next == [.request(Request(arguments: ["health"]))], "the parser does not recover: \(next)")

    var single = RequestParser(limits: limits)
    var pieces: [ParsedInput] = []
    for byte in input { pieces += single.feed(CollectionOfOne(byte)) }
    pieces += single.endOfInput()
    try require(pieces == whole, "byte by byte gives \(pieces), at once \(whole)")

    for case .request(let request) in whole { try check(request, limits) }
  }

  private static func check(_ request: Request, _ limits: ProtocolLimits) throws(FuzzFailure) {
    try require(!request.arguments.isEmpty, "a request without a command")
    try require(request.arguments.count <= limits.arguments + 1, "\(request.arguments.count) arguments")
    try require((request.payload?.utf8.count ?? 0) <= limits.payloadBytes, "a payload over its limit")
    try require(!request.arguments.contains { $0.utf8.contains(0) }, "a NUL in an argument")

    let line = Quoting.request(request.arguments, json: request.json)
    // Escapes may make it longer than what it came from.
    var parser = RequestParser(limits: ProtocolLimits(lineBytes: 1 << 20, arguments: limits.arguments))
    let read = parser.feed(Array((line + "\n").utf8))
    let same = Request(json: request.json, arguments: request.arguments)
    try require(read == [.request(same)], "quoted as \(line.debugDescription) it is read as \(read)")

    if case .failure(let error) = CommandTable.resolve(request) {
      let reply = ReplyWriter.text(.failure(error))
      let ends = reply.utf8.count { $0 == UInt8(ascii: "\n") }
      try require(ends == 1 && reply.hasPrefix("ERR "), "a refusal is \(reply.debugDescription)")
    }
  }
}
