/// The opcodes RFC 6455 defines; the other ten are reserved and a violation.
package enum FrameOpcode: UInt8, Sendable {
  case continuation = 0x0
  case text = 0x1
  case binary = 0x2
  case close = 0x8
  case ping = 0x9
  case pong = 0xA

  var isControl: Bool { rawValue >= 0x8 }
}

/// How a peer broke the protocol, or our limit.
package enum WebSocketViolation: Error, Equatable {
  case broken(String)
  case tooLarge
}

/// The head of a frame a server sent (RFC 6455 section 5.2).
package struct WebSocketFrameHeader: Equatable, Sendable {
  package var fin: Bool
  package var opcode: FrameOpcode
  package var headerBytes: Int
  package var payloadBytes: Int

  var totalBytes: Int { headerBytes + payloadBytes }

  /// How many bytes the header that begins here has, as far as the bytes at hand can tell.
  static func size(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    guard bytes.count - offset >= 2 else { return 2 }
    switch bytes[offset + 1] & 0x7F {
    case 126: return 4
    case 127: return 10
    default: return 2
    }
  }

  /// Reads the header that begins at an offset.
  ///
  /// - Parameter maxPayload: At most this many payload bytes; at least 125.
  /// - Returns: nil when more bytes are needed.
  static func parse(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, maxPayload: Int
  ) throws(WebSocketViolation) -> WebSocketFrameHeader? {
    guard bytes.count - offset >= 2 else { return nil }
    let first = bytes[offset]
    let second = bytes[offset + 1]
    guard first & 0x70 == 0 else { throw .broken("a reserved bit is set") }
    guard let opcode = FrameOpcode(rawValue: first & 0x0F) else { throw .broken("reserved opcode \(first & 0x0F)") }
    guard second & 0x80 == 0 else { throw .broken("a server must not mask its frames") }
    let fin = first & 0x80 != 0
    if opcode.isControl {
      guard fin else { throw .broken("a control frame is fragmented") }
      guard second <= 125 else { throw .broken("a control frame is longer than 125 bytes") }
    }
    let headerBytes = size(bytes, at: offset)
    guard bytes.count - offset >= headerBytes else { return nil }
    var length = UInt64(second)
    if headerBytes > 2 {
      length = 0
      for index in (offset + 2)..<(offset + headerBytes) {
        length = length << 8 | UInt64(bytes[index])
      }
    }
    guard length >> 63 == 0 else { throw .broken("the highest bit of a 64-bit length is set") }
    guard length <= UInt64(maxPayload) else { throw .tooLarge }
    return WebSocketFrameHeader(fin: fin, opcode: opcode, headerBytes: headerBytes, payloadBytes: Int(length))
  }
}
