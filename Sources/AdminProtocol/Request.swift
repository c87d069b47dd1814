/// One request as it was sent, its quotes removed.
public struct Request: Sendable, Equatable {
  /// The reply shall be one JSON object.
  public var json: Bool
  /// The words of the request, the command's first. Never empty when it comes from the parser.
  public var arguments: [String]
  /// The lines that followed a `<<`, each with its line end.
  public var payload: String?

  /// Makes a request.
  public init(json: Bool = false, arguments: [String], payload: String? = nil) {
    self.json = json
    self.arguments = arguments
    self.payload = payload
  }
}

/// What the parser makes of the bytes: each needs exactly one reply, in order.
public enum ParsedInput: Sendable, Equatable {
  /// A well-formed request.
  case request(Request)
  /// Something that is no request; `json` says in which form its sender awaits the answer.
  case failure(ProtocolError, json: Bool)
}

/// Bounds on what a sender may send.
public struct ProtocolLimits: Sendable, Equatable {
  /// Bytes of a line, its LF not counted.
  public var lineBytes: Int
  /// Arguments after the command's first word.
  public var arguments: Int
  /// Bytes of a payload.
  public var payloadBytes: Int

  /// Makes limits; without arguments, the documented defaults.
  public init(lineBytes: Int = 8 << 10, arguments: Int = 64, payloadBytes: Int = 1 << 20) {
    self.lineBytes = lineBytes
    self.arguments = arguments
    self.payloadBytes = payloadBytes
  }
}
