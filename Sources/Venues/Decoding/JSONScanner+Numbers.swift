import MarketData

extension JSONScanner {
  /// Takes an integer.
  @inline(__always)
  mutating func integer(_ field: StaticString) throws(DecodeFailure) -> Int64 {
    // Times and ids: up to fifteen digits, read as two words.
    if end - cursor > 16 {
      let first = ByteWord(loading: cursor).leadingDigits
      var digits = first.count
      var value = first.value
      if digits == 8 {
        let second = ByteWord(loading: cursor + 8).leadingDigits
        digits &+= second.count
        value = value &* ByteWord.powerOfTen(second.count) &+ second.value
      }
      let next = cursor[digits]
      if digits > 0, digits < 16, next == UInt8(ascii: ",") || next == UInt8(ascii: "}") {
        cursor += digits
        return Int64(truncatingIfNeeded: value)
      }
    }
    return try unusualInteger(field)
  }

  /// Negative and long integers, those at the end of a text or before a blank, and what is none.
  @inline(never)
  private mutating func unusualInteger(_ field: StaticString) throws(DecodeFailure) -> Int64 {
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
    // One word before the point and one behind it hold all usual prices and quantities; with the quotes and the point
    // that is 19 bytes.
    if end - cursor >= 19, cursor.pointee == UInt8(ascii: "\"") {
      let whole = ByteWord(loading: cursor + 1).leadingDigits
      let wholeEnd = cursor + (1 &+ whole.count)
      if whole.count > 0, wholeEnd.pointee == UInt8(ascii: "\"") {
        cursor = wholeEnd + 1
        return FixedDecimal(mantissa: Int64(truncatingIfNeeded: whole.value), scale: 0)
      }
      if whole.count > 0, wholeEnd.pointee == UInt8(ascii: ".") {
        let fraction = ByteWord(loading: wholeEnd + 1).leadingDigits
        let close = wholeEnd + (1 &+ fraction.count)
        if fraction.count > 0, close.pointee == UInt8(ascii: "\"") {
          cursor = close + 1
          return FixedDecimal(
            mantissa: Int64(
              truncatingIfNeeded: whole.value &* ByteWord.powerOfTen(fraction.count) &+ fraction.value),
            scale: UInt8(truncatingIfNeeded: fraction.count))
        }
      }
    }
    return try unusualDecimal(field)
  }

  /// Long, negative and malformed decimals, and those at the end of a text.
  @inline(never)
  private mutating func unusualDecimal(_ field: StaticString) throws(DecodeFailure) -> FixedDecimal {
    let text = try string(field)
    do throws(DecimalError) {
      return try FixedDecimal(parsing: text[...])
    } catch {
      throw DecodeFailure(error == .malformed ? .malformedNumber : .numberOutOfRange, field: field)
    }
  }
}
