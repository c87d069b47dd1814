import MarketData

/// Walks once over the bytes of a JSON text and hands out what a decoder asks for; never builds a tree, never allocates,
/// never reads past the end.
struct JSONScanner {
  /// The next byte; moved by the scanner's own methods only, and never behind `end`.
  var cursor: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>

  /// Containers inside one another that a skipped value may have.
  private static let maximumNesting = 64

  init(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    cursor = start
    self.end = end
  }

  /// The next byte that is no white space, without taking it; 0 at the end.
  @inline(__always)
  mutating func peek() -> UInt8 {
    while cursor < end {
      let byte = cursor.pointee
      if byte > 0x20 { return byte }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte == 0 ? 1 : byte }
      cursor += 1
    }
    return 0
  }

  /// Takes `byte` when it comes next.
  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte, cursor < end else { return false }
    cursor += 1
    return true
  }

  /// Takes `byte`, which must come next.
  @inline(__always)
  mutating func expect(_ byte: UInt8, _ field: StaticString) throws(DecodeFailure) {
    guard take(byte) else { throw DecodeFailure(.malformedJSON, field: field) }
  }

  /// Whether nothing but white space is left.
  mutating func isAtEnd() -> Bool {
    peek() == 0 && cursor >= end
  }

  /// Goes back to a place this scanner has already passed.
  mutating func rewind(to place: UnsafePointer<UInt8>) {
    if place < cursor { cursor = place }
  }

  /// Takes a string and returns its raw bytes between the quotes, escapes as they stand.
  @inline(__always)
  mutating func string(_ field: StaticString) throws(DecodeFailure) -> UnsafeBufferPointer<UInt8> {
    guard peek() == UInt8(ascii: "\"") else { throw unexpected(field) }
    cursor += 1
    let start = cursor
    while end - cursor >= 8 {
      let plain = ByteWord(loading: cursor).plainTextPrefix
      cursor += plain
      if plain < 8 { break }
    }
    while cursor < end {
      let byte = cursor.pointee
      if byte == UInt8(ascii: "\"") {
        let text = UnsafeBufferPointer(start: start, count: cursor - start)
        cursor += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { cursor += 1 } else if byte < 0x20 { break }
      cursor += 1
    }
    cursor = min(cursor, end)
    throw DecodeFailure(.malformedJSON, field: field)
  }

  /// Takes a key and its colon. Keys of up to eight bytes come packed, first byte lowest; longer ones as 0.
  @inline(__always)
  mutating func key(_ field: StaticString) throws(DecodeFailure) -> UInt64 {
    // Most keys are one letter with nothing between them and their colon.
    if end - cursor >= 8, let letter = ByteWord(loading: cursor).singleLetterKey {
      cursor += 4
      return letter
    }
    let text = try string(field)
    try expect(UInt8(ascii: ":"), field)
    return Self.packed(text)
  }

  @inline(__always)
  static func packed(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    if text.count > 8 { return 0 }
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for byte in text {
      value |= UInt64(byte) &<< shift
      shift &+= 8
    }
    return value
  }

  /// Takes `true` or `false`.
  @inline(__always)
  mutating func boolean(_ field: StaticString) throws(DecodeFailure) -> Bool {
    switch peek() {
    case UInt8(ascii: "t"):
      try literal("true", field)
      return true
    case UInt8(ascii: "f"):
      try literal("false", field)
      return false
    default: throw unexpected(field)
    }
  }

  mutating func literal(_ word: StaticString, _ field: StaticString) throws(DecodeFailure) {
    let length = word.utf8CodeUnitCount
    guard end - cursor >= length else { throw DecodeFailure(.malformedJSON, field: field) }
    for offset in 0..<length where cursor[offset] != word.utf8Start[offset] {
      throw DecodeFailure(.malformedJSON, field: field)
    }
    cursor += length
  }

  /// Takes a whole value of any type.
  mutating func skipValue(_ field: StaticString) throws(DecodeFailure) {
    switch peek() {
    case UInt8(ascii: "\""): _ = try string(field)
    case UInt8(ascii: "{"), UInt8(ascii: "["): try skipContainer(field)
    case UInt8(ascii: "t"): try literal("true", field)
    case UInt8(ascii: "f"): try literal("false", field)
    case UInt8(ascii: "n"): try literal("null", field)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): skipNumber()
    default: throw DecodeFailure(.malformedJSON, field: field)
    }
  }

  private mutating func skipNumber() {
    while cursor < end {
      switch cursor.pointee {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        cursor += 1
      default: return
      }
    }
  }

  /// Brackets are matched with a bit for each open container: 1 is an object.
  private mutating func skipContainer(_ field: StaticString) throws(DecodeFailure) {
    var open: UInt64 = 0
    var depth = 0
    repeat {
      guard peek() != 0, cursor < end else { throw DecodeFailure(.malformedJSON, field: field) }
      switch cursor.pointee {
      case UInt8(ascii: "\""):
        _ = try string(field)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        guard depth < Self.maximumNesting else { throw DecodeFailure(.malformedJSON, field: field) }
        open = open &<< 1 | (cursor.pointee == UInt8(ascii: "{") ? 1 : 0)
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open & 1 == (cursor.pointee == UInt8(ascii: "}") ? 1 : 0) else {
          throw DecodeFailure(.malformedJSON, field: field)
        }
        open &>>= 1
        depth -= 1
      default: break
      }
      cursor += 1
    } while depth > 0
  }

  /// The failure for a value of another type than asked for, told apart from text that is no JSON at all.
  @inline(never)
  mutating func unexpected(_ field: StaticString) -> DecodeFailure {
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      DecodeFailure(.wrongType, field: field)
    default: DecodeFailure(.malformedJSON, field: field)
    }
  }
}
