import AdminProtocol

/// Reads the `key=value` pairs at the end of a trailer.
enum TrailerFields {
  /// More blanks than this are not tried as the beginning of the fields.
  private static let candidates = 4096

  /// All of it as fields, each after a blank; nil when some of it is none.
  static func parse(_ bytes: ArraySlice<UInt8>) -> [ReplyField]? {
    var rest = bytes
    var fields: [ReplyField] = []
    while !rest.isEmpty {
      guard rest.popFirst() == blank else { return nil }
      let key = rest.prefix { isKeyByte($0) }
      guard !key.isEmpty, key.endIndex < rest.endIndex, rest[key.endIndex] == UInt8(ascii: "=") else { return nil }
      rest = rest[(key.endIndex + 1)...]
      guard let value = takeValue(&rest) else { return nil }
      fields.append(ReplyField(String(decoding: key, as: UTF8.self), value))
    }
    return fields
  }

  /// Parts a message from the fields behind it: the longest end that is nothing but fields is theirs.
  static func split(_ bytes: ArraySlice<UInt8>) -> (message: ArraySlice<UInt8>, fields: [ReplyField]) {
    for index in bytes.indices.lazy.filter({ bytes[$0] == blank }).prefix(candidates) {
      if let fields = parse(bytes[index...]) { return (bytes[..<index], fields) }
    }
    return (bytes, [])
  }

  private static let blank = UInt8(ascii: " ")

  private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> String? {
    guard rest.first == UInt8(ascii: "\"") else {
      let value = rest.prefix { $0 != blank && $0 != UInt8(ascii: "\"") }
      rest = rest[value.endIndex...]
      return String(decoding: value, as: UTF8.self)
    }
    rest.removeFirst()
    var value: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst() else { return nil }
        value.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
      default: value.append(byte)
      }
    }
    return nil
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    let letter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    let digit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    return letter || digit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
  }
}
