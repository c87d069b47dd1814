import NIOCore

/// Writes WebSocket frames as a server sends them (RFC 6455: whole, unmasked), straight into the outgoing bytes.
package enum ServerFrame {
  package enum Opcode: UInt8, Sendable {
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA
  }

  package static func append(_ opcode: Opcode, _ payload: some Collection<UInt8>, to buffer: inout ByteBuffer) {
    let count = payload.count
    buffer.writeInteger(0x80 | opcode.rawValue)
    if count < 126 {
      buffer.writeInteger(UInt8(count))
    } else if count <= Int(UInt16.max) {
      buffer.writeInteger(UInt8(126))
      buffer.writeInteger(UInt16(count))
    } else {
      buffer.writeInteger(UInt8(127))
      buffer.writeInteger(UInt64(count))
    }
    buffer.writeBytes(payload)
  }

  /// The payload of a close frame.
  package static func closePayload(code: UInt16, reason: StaticString) -> [UInt8] {
    [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.withUTF8Buffer { Array($0) }
  }

  /// A combined stream's envelope around a message.
  package static func combined(_ payload: [UInt8], stream: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + stream.utf8.count + 24)
    bytes.append(contentsOf: "{\"stream\":\"".utf8)
    bytes.append(contentsOf: stream.utf8)
    bytes.append(contentsOf: "\",\"data\":".utf8)
    bytes.append(contentsOf: payload)
    bytes.append(0x7D)
    return bytes
  }
}
