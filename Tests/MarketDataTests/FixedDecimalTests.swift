import MarketData
import TestSupport
import Testing

/// Parses bytes as they stand in a frame.
private func parse(_ text: String) -> Result<FixedDecimal, DecimalError> {
  Array(text.utf8).withUnsafeBufferPointer { bytes in
    do throws(DecimalError) {
      return .success(try FixedDecimal(parsing: bytes[...]))
    } catch {
      return .failure(error)
    }
  }
}

@Suite("Fixed decimals")
struct FixedDecimalTests {
  @Test("every decimal of up to 18 digits is written again digit by digit")
  func roundTrip() throws {
    var random = Seeded(1)
    for _ in 0..<20_000 {
      let whole = random.below(10)
      let decimals = random.below(18 - max(1, whole) + 1)
      let head = whole == 0 ? "0" : String(1 + random.below(9)) + random.digits(whole - 1)
      var text = decimals == 0 ? head : "\(head).\(random.digits(decimals))"
      let isZero = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
      if !isZero, random.below(4) == 0 { text = "-" + text }
      let decimal = try #require(FixedDecimal(text), "\(text)")
      #expect(decimal.description == text)
      #expect(decimal.isZero == isZero)
    }
  }

  @Test("zeros behind the last digit are kept, however far they reach beyond 18 digits")
  func trailingZeros() throws {
    var random = Seeded(2)
    for _ in 0..<2_000 {
      let zeros = String(repeating: "0", count: 1 + random.below(60))
      let whole = String(1 + random.below(9)) + random.digits(random.below(12))
      let text = random.below(2) == 0 ? "\(whole).\(zeros)" : "\(whole).\(random.digits(random.below(4)))1\(zeros)"
      let decimal = try #require(FixedDecimal(text), "\(text)")
      #expect(decimal.description == text)
    }
    #expect(FixedDecimal("491529632100.00000000")?.description == "491529632100.00000000")
    #expect(FixedDecimal("0.000000000000000000000000")?.isZero == true)
  }

  @Test(
    "the ends of Int64 are held exactly",
    arguments: [
      "9223372036854775807", "-9223372036854775807", "922337203685477580.7", "9.223372036854775807",
      "0.000000000000000001", "999999999999999999", "1000000000000000000", "9223372036854775807.000",
    ])
  func limits(text: String) throws {
    #expect(try #require(FixedDecimal(text)).description == text)
  }

  @Test(
    "what is no plain decimal is malformed",
    arguments: [
      "", " ", "-", ".", "-.", "1.", ".5", "-.5", "0.-10000", "1e5", "1E5", "1.5e-3", "+1", " 1", "1 ", "1,5", "--1",
      "1-", "1.2.3", "0x10", "NaN", "Infinity", "1_000", "1\u{0}", "\u{661}", "/", ":", "1/2", "\"1\"",
      "12345678901234567x", "1..00000000000000000000", ".00000000000000000000000",
      "-.0000000000000000000000", "00000000000000000000000.", "1 000000000000000000000000",
    ])
  func malformed(text: String) {
    #expect(parse(text) == .failure(.malformed))
    #expect(FixedDecimal(text) == nil)
  }

  @Test(
    "numbers that cannot be held exactly are out of range",
    arguments: [
      "9223372036854775808", "-9223372036854775808", "99999999999999999999",
      "1234567890123456789012345678901234567890", "0.0000000000000000001", "922337203685477580.8",
      "1.0000000000000000001", "0.1234567890123456789", "1." + String(repeating: "0", count: 65),
    ])
  func outOfRange(text: String) {
    #expect(parse(text) == .failure(.outOfRange))
  }

  @Test("zeros before the first digit do not count, and negative zero is zero")
  func leadingZeros() {
    #expect(FixedDecimal("007")?.description == "7")
    #expect(FixedDecimal(String(repeating: "0", count: 50) + "12.50")?.description == "12.50")
    #expect(FixedDecimal("-0.00") == .zero)
  }

  @Test("comparison is by value, whatever the scales")
  func comparison() {
    var random = Seeded(3)
    for _ in 0..<20_000 {
      let left = FixedDecimal(
        mantissa: Int64(random.below(2_000)) - 1_000, scale: UInt8(random.below(5)),
        trailingZeros: UInt8(random.below(3)))
      let right = FixedDecimal(mantissa: Int64(random.below(2_000)) - 1_000, scale: UInt8(random.below(5)))
      // Both at scale 4, in plain integers.
      let leftValue = Self.value(left, scale: 4)
      let rightValue = Self.value(right, scale: 4)
      #expect((left == right) == (leftValue == rightValue), "\(left) \(right)")
      #expect((left < right) == (leftValue < rightValue), "\(left) \(right)")
      #expect((left > right) == (leftValue > rightValue), "\(left) \(right)")
    }
  }

  private static func value(_ decimal: FixedDecimal, scale: UInt8) -> Int64 {
    var value = decimal.mantissa
    for _ in decimal.scale..<scale { value *= 10 }
    return value
  }

  @Test("comparison does not overflow at the ends of mantissa and scale")
  func comparisonAtTheEnds() {
    let largest = FixedDecimal(mantissa: .max, scale: 0)
    let smallest = FixedDecimal(mantissa: .min, scale: 0)
    let tiny = FixedDecimal(mantissa: 1, scale: 18)
    #expect(tiny < largest)
    #expect(smallest < tiny)
    #expect(smallest < FixedDecimal(mantissa: .min, scale: 18))
    #expect(FixedDecimal(mantissa: .max, scale: 18) < largest)
    #expect(smallest.description == "-9223372036854775808")
    #expect(FixedDecimal(mantissa: .min, scale: 18).description == "-9.223372036854775808")
  }

  @Test("a mantissa moves to another scale only when nothing is lost")
  func mantissaAtScale() throws {
    let decimal = try #require(FixedDecimal("12.50"))
    #expect(decimal.mantissa(atScale: 2) == 1250)
    #expect(decimal.mantissa(atScale: 1) == 125)
    #expect(decimal.mantissa(atScale: 0) == nil)
    #expect(decimal.mantissa(atScale: 4) == 125_000)
    #expect(decimal.mantissa(atScale: 18) == nil)
    #expect(decimal.mantissa(atScale: 19) == nil)
    #expect(FixedDecimal(mantissa: 1, scale: 200).scale == FixedDecimal.maximumScale)
  }

  @Test("a number inside a larger text is read within its bounds")
  func slices() throws {
    let text = Array("x12.50y".utf8)
    let decimal = try text.withUnsafeBufferPointer { try FixedDecimal(parsing: $0[1..<6]) }
    #expect(decimal.description == "12.50")
    #expect(throws: DecimalError.malformed) {
      try text.withUnsafeBufferPointer { try FixedDecimal(parsing: $0[1..<1]) }
    }
  }

  @Test("random bytes either parse to a number that reads the same again, or are refused")
  func randomBytes() throws {
    var random = Seeded(4)
    let alphabet = Array("0123456789.-eE+ x".utf8)
    for _ in 0..<50_000 {
      let text = String(
        decoding: (0..<random.below(30)).map { _ in alphabet[random.below(alphabet.count)] }, as: UTF8.self)
      guard let decimal = FixedDecimal(text) else { continue }
      let again = try #require(FixedDecimal(decimal.description), "\(text)")
      #expect(again == decimal, "\(text)")
      #expect(again.description == decimal.description, "\(text)")
    }
  }
}
