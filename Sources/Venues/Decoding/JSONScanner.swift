import MarketData

/// Walks once over the bytes of a JSON text and hands out what a decoder asks for; never builds a tree, never allocates,
/// never reads past the end.
struct JSONScanner {
  private(set) var cursor: UnsafePointer<UInt8>
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

  /// Takes an integer.
  @inline(__always)
  mutating func integer(_ field: StaticString) throws(DecodeFailure) -> Int64 {
    let first = peek()
    let negative = first == UInt8(ascii: "-")
    if negative { cursor += 1 }
    let start = cursor
    var value: UInt64 = 0
    while cursor < end {
      let digit = cursor.pointee &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ UInt64(digit)
      cursor += 1
    }
    let digits = cursor - start
    guard digits > 0 else { throw negative ? DecodeFailure(.malformedNumber, field: field) : unexpected(field) }
    guard digits <= 18 else { throw DecodeFailure(.numberOutOfRange, field: field) }
    if cursor < end {
      let next = cursor.pointee
      guard next != UInt8(ascii: "."), next != UInt8(ascii: "e"), next != UInt8(ascii: "E") else {
        throw DecodeFailure(.malformedNumber, field: field)
      }
    }
    let signed = Int64(bitPattern: value)
    return negative ? 0 &- signed : signed
  }

  /// Takes a decimal written as a string: `"61659.70"`.
  @inline(__always)
  mutating func quotedDecimal(_ field: StaticString) throws(DecodeFailure) -> FixedDecimal {
    guard peek() == UInt8(ascii: "\"") else { throw unexpected(field) }
    let start = cursor + 1
    var place = start
    let limit = end - start > 20 ? start + 20 : end
    var mantissa: UInt64 = 0
    while place < limit {
      let digit = place.pointee &- 0x30
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      place += 1
    }
    var digits = place - start
    var scale = 0
    if digits > 0, place < limit, place.pointee == UInt8(ascii: ".") {
      place += 1
      let firstDecimal = place
      while place < limit {
        let digit = place.pointee &- 0x30
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        place += 1
      }
      scale = place - firstDecimal
      digits = scale > 0 ? digits + scale : 0
    }
    guard place < limit, place.pointee == UInt8(ascii: "\""), digits > 0, digits <= 18 else {
      return try unusualDecimal(field)
    }
    cursor = place + 1
    return FixedDecimal(
      mantissa: Int64(truncatingIfNeeded: mantissa), scale: UInt8(truncatingIfNeeded: scale))
  }

  /// Long, negative and malformed decimals.
  @inline(never)
  private mutating func unusualDecimal(_ field: StaticString) throws(DecodeFailure) -> FixedDecimal {
    let text = try string(field)
    do throws(DecimalError) {
      return try FixedDecimal(parsing: text[...])
    } catch {
      throw DecodeFailure(error == .malformed ? .malformedNumber : .numberOutOfRange, field: field)
    }
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
  private mutating func unexpected(_ field: StaticString) -> DecodeFailure {
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "t"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      DecodeFailure(.wrongType, field: field)
    default: DecodeFailure(.malformedJSON, field: field)
    }
  }
}
