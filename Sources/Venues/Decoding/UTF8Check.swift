/// Whether a frame is UTF-8. Exchange frames are plain ASCII, so eight bytes are looked at together and only a frame
/// with a high bit anywhere is validated in full.
enum UTF8Check {
  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var offset = 0
    while offset + 32 <= bytes.count {
      let combined =
        base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        | base.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        | base.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
        | base.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
      if combined & highBits != 0 { return String(validating: bytes, as: UTF8.self) != nil }
      offset += 32
    }
    while offset < bytes.count {
      if bytes[offset] >= 0x80 { return String(validating: bytes, as: UTF8.self) != nil }
      offset += 1
    }
    return true
  }
}
