import MarketData

extension BinanceFrameDecoder {
  /// An answer to a request: `{"result":null,"id":1}`, `{"error":{"code":2,"msg":"…"},"id":1}` or
  /// `{"code":2,"msg":"…"}`; nil when the frame is none.
  func answer(_ scanner: inout JSONScanner) throws(DecodeFailure) -> FrameKind? {
    try scanner.expect(UInt8(ascii: "{"), "frame")
    var id: Int64?
    var code: Int64?
    var message = ""
    var isAnswer = false
    repeat {
      switch try scanner.key("frame") {
      case Key.result:
        isAnswer = true
        try scanner.skipValue("result")
      case Key.id: id = try Self.number(&scanner, "id")
      case Key.error:
        isAnswer = true
        (code, message) = try Self.refusal(&scanner)
      case Key.code:
        isAnswer = true
        code = try Self.number(&scanner, "code")
      case Key.message: message = String(decoding: try scanner.string("msg"), as: UTF8.self)
      default:
        guard isAnswer else { return nil }
        try scanner.skipValue("frame")
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"), "frame")
    guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "frame") }
    guard isAnswer else { return nil }
    if let code { return .refusal(id: id, code: code, message: message) }
    guard let id else { throw DecodeFailure(.missingField, field: "id") }
    return .acknowledgement(id: id)
  }

  private static func refusal(_ scanner: inout JSONScanner) throws(DecodeFailure) -> (Int64, String) {
    try scanner.expect(UInt8(ascii: "{"), "error")
    var code: Int64 = 0
    var message = ""
    repeat {
      switch try scanner.key("error") {
      case Key.code: code = try number(&scanner, "code") ?? 0
      case Key.message: message = String(decoding: try scanner.string("msg"), as: UTF8.self)
      default: try scanner.skipValue("error")
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"), "error")
    return (code, message)
  }

  private static func number(_ scanner: inout JSONScanner, _ field: StaticString) throws(DecodeFailure) -> Int64? {
    if scanner.peek() == UInt8(ascii: "n") {
      try scanner.literal("null", field)
      return nil
    }
    return try scanner.integer(field)
  }

  private enum Key {
    static let result: UInt64 = 0x746C_7573_6572
    static let id: UInt64 = 0x6469
    static let error: UInt64 = 0x726F_7272_65
    static let code: UInt64 = 0x6564_6F63
    static let message: UInt64 = 0x67_736D
  }
}
