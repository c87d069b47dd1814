/// Turns received bytes into requests, in whatever pieces they come.
///
/// Any bytes give exactly one ``ParsedInput`` a request, in order, and the same ones byte by byte as at once.
/// Memory is bounded by the limits: one line, one payload, and what one line can hold of waiting requests.
public struct RequestParser: Sendable {
  private let limits: ProtocolLimits
  private var line: [UInt8] = []
  /// The rest of a line that was over its limit is thrown away.
  private var discarding = false
  private var waiting: ArraySlice<LexedRequest> = []
  private var collector: PayloadCollector?

  /// Makes a parser for one connection.
  public init(limits: ProtocolLimits = ProtocolLimits()) {
    self.limits = limits
  }

  /// Whether the lines that follow are a payload's.
  public var awaitsPayload: Bool { collector != nil }

  /// Takes the next bytes and returns what they completed.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ParsedInput] {
    var output: [ParsedInput] = []
    for byte in bytes {
      if collector != nil {
        if let result = collector?.take(byte) { endPayload(result, into: &output) }
      } else {
        takeLineByte(byte, into: &output)
      }
    }
    return output
  }

  /// The sender will send no more: a last line without LF counts, a payload without its ending does not.
  public mutating func endOfInput() -> [ParsedInput] {
    var output: [ParsedInput] = []
    if collector == nil && !discarding && !line.isEmpty { endLine(into: &output) }
    while let unfinished = collector?.unfinished() { endPayload(.failure(unfinished), into: &output) }
    line = []
    discarding = false
    return output
  }

  private mutating func takeLineByte(_ byte: UInt8, into output: inout [ParsedInput]) {
    if byte == UInt8(ascii: "\n") {
      if discarding { discarding = false } else { endLine(into: &output) }
    } else if !discarding {
      line.append(byte)
      if line.count > limits.lineBytes { abandonLine(into: &output) }
    }
  }

  private mutating func abandonLine(into output: inout [ParsedInput]) {
    if !LineLexer.isComment(line) {
      let error = ProtocolError(.tooLarge, "a line is over \(limits.lineBytes) bytes; it is ignored")
      output.append(.failure(error, json: LineLexer.asksForJSON(line)))
    }
    line.removeAll(keepingCapacity: true)
    discarding = true
  }

  private mutating func endLine(into output: inout [ParsedInput]) {
    defer { line.removeAll(keepingCapacity: true) }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if LineLexer.isComment(line) { return }
    guard !line.contains(0), String(validating: line, as: UTF8.self) != nil else {
      let error = ProtocolError(.badEncoding, "a line holds a NUL or is not UTF-8; it is ignored")
      output.append(.failure(error, json: LineLexer.asksForJSON(line)))
      return
    }
    var lexer = LineLexer(line, argumentLimit: limits.arguments)
    waiting = lexer.requests()[...]
    advance(into: &output)
  }

  /// Passes on what waits, up to the first request whose payload is still to come.
  private mutating func advance(into output: inout [ParsedInput]) {
    while let next = waiting.first {
      switch next {
      case .request(let request, ending: nil): output.append(.request(request))
      case .failure(let error, let json, ending: nil): output.append(.failure(error, json: json))
      case .request(_, let ending?), .failure(_, _, let ending?):
        collector = PayloadCollector(ending: ending, limit: limits.payloadBytes)
        return
      }
      waiting.removeFirst()
    }
  }

  private mutating func endPayload(_ result: Result<String, ProtocolError>, into output: inout [ParsedInput]) {
    collector = nil
    switch (waiting.popFirst(), result) {
    case (.request(var request, _), .success(let payload)):
      request.payload = payload
      output.append(.request(request))
    case (.request(let request, _), .failure(let error)):
      output.append(.failure(error, json: request.json))
    case (.failure(let error, let json, _), _):
      output.append(.failure(error, json: json))
    case (nil, _):
      break
    }
    advance(into: &output)
  }
}
