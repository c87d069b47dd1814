import NIOCore

/// Writes the frames a client sends: whole messages, always masked as RFC 6455 section 5.3 demands.
package enum WebSocketFrameWriter {
  /// Appends one frame to a buffer.
  /// - Parameter mask: The masking key; a fresh random one for every frame.
  package static func write(
    _ opcode: FrameOpcode, _ payload: some Collection<UInt8>, mask: UInt32, into buffer: inout ByteBuffer
  ) {
    buffer.reserveCapacity(minimumWritableBytes: payload.count + 14)
    buffer.writeInteger(0x80 | opcode.rawValue)
    switch payload.count {
    case 0...125: buffer.writeInteger(0x80 | UInt8(payload.count))
    case 126...Int(UInt16.max):
      buffer.writeInteger(UInt8(0x80 | 126))
      buffer.writeInteger(UInt16(payload.count))
    default:
      buffer.writeInteger(UInt8(0x80 | 127))
      buffer.writeInteger(UInt64(payload.count))
    }
    buffer.writeInteger(mask)
    var shift: UInt32 = 24
    for byte in payload {
      buffer.writeInteger(byte ^ UInt8(truncatingIfNeeded: mask >> shift))
      shift = (shift &+ 24) & 31
    }
  }

  /// The payload of a close frame: a code, no reason. 1005 stands for "none given" and is never sent.
  package static func closePayload(code: UInt16) -> [UInt8] {
    code == 1005 ? [] : [UInt8(code >> 8), UInt8(code & 0xFF)]
  }
}

/// What a peer's close frame says (RFC 6455 section 7.4).
package struct CloseFrame: Equatable {
  package var code: UInt16
  package var reason: String

  /// - Returns: nil when the payload or its code is against the protocol.
  package init?(_ payload: UnsafeRawBufferPointer) {
    guard !payload.isEmpty else {
      code = 1005
      reason = ""
      return
    }
    guard payload.count >= 2 else { return nil }
    code = UInt16(payload[0]) << 8 | UInt16(payload[1])
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: break
    default: return nil
    }
    reason = String(decoding: payload.dropFirst(2), as: UTF8.self)
  }
}
