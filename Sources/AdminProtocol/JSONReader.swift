/// Reads JSON text. A number that is no 64-bit integer becomes a string of its digits, as exact decimals travel anyway.
package struct JSONReader {
  private static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0

  /// Where a text stops being JSON.
  package struct Failure: Error, Sendable, Equatable {
    /// Counted from 1.
    package var line: Int
    /// Bytes of the line up to there, counted from 1.
    package var column: Int
  }

  /// The value that the text is; nil when it is not JSON, or nested deeper than 64.
  package static func parse(_ text: String) -> JSONValue? { try? parse(Array(text.utf8)) }

  /// The value that the text is.
  ///
  /// - Throws: the place up to which it was JSON in UTF-8, nested at most 64 deep.
  package static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
    var reader = JSONReader(bytes: bytes)
    if let value = reader.value(depth: 0) {
      reader.skipBlanks()
      if reader.position == bytes.count { return value }
    }
    let read = bytes[..<reader.position]
    let lineStart = read.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    throw Failure(line: read.count { $0 == UInt8(ascii: "\n") } + 1, column: read.count - lineStart + 1)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard current == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth < Self.depthLimit, let byte = current else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    case UInt8(ascii: "t"): return word("true", .bool(true))
    case UInt8(ascii: "f"): return word("false", .bool(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[position...].starts(with: word.utf8) else { return nil }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) -> JSONValue? {
    position += 1
    var members: [(String, JSONValue)] = []
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard current == UInt8(ascii: "\""), let key = string(), take(":"), let value = value(depth: depth + 1) else {
        return nil
      }
      members.append((key, value))
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    position += 1
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  private mutating func number() -> JSONValue? {
    let allowed = "+-.0123456789Ee".utf8
    let digits = bytes[position...].prefix { allowed.contains($0) }
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
    position = digits.endIndex
    return Int64(text).map(JSONValue.int) ?? .string(text)
  }

  private mutating func string() -> String? {
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += Array(String(Character(scalar)).utf8)
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = current else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): return unicodeEscape()
    default: return nil
    }
  }

  private mutating func unicodeEscape() -> Unicode.Scalar? {
    guard let first = hexadecimal() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard bytes[position...].starts(with: "\\u".utf8) else { return nil }
    position += 2
    guard let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func hexadecimal() -> UInt32? {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
      return nil
    }
    position += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
