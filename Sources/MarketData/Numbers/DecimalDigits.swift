/// Decimal digits of integers, eight at a time in one machine word.
enum DecimalDigits {
  /// How many digits `value` has; one for zero.
  @inline(__always)
  static func count(of value: UInt64) -> Int {
    // 1233 / 4096 is a little more than log10(2): the guess is right or one too many.
    let bits = 64 &- (value | 1).leadingZeroBitCount
    let guess = (bits &* 1233) &>> 12
    return (value | 1) < powersOfTen[guess] ? guess : guess &+ 1
  }

  /// The eight digits of `value`, which is below 10^8, as ASCII; the first digit is the lowest byte.
  ///
  /// The number is halved three times, into lanes of four, two and one digit; a lane is divided by multiplying with a
  /// reciprocal that is exact for all values the lane can have.
  @inline(__always)
  static func eight(_ value: UInt64) -> UInt64 {
    let upper = value / 10_000
    let fours = upper | (value &- upper &* 10_000) &<< 32
    let hundreds = ((fours &* 10_486) &>> 20) & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = ((twos &* 103) &>> 10) & 0x000F_000F_000F_000F
    let ones = tens | (twos &- tens &* 10) &<< 8
    return ones | 0x3030_3030_3030_3030
  }

  /// Writes the last `digits` digits of `value`, with leading zeros where it has fewer; up to seven bytes behind them are
  /// overwritten too.
  ///
  /// - Parameter digits: at least as many as `value` has, 1 to 24.
  @inline(__always)
  static func write(_ value: UInt64, digits: Int, to place: UnsafeMutableRawPointer) {
    if digits <= 8 {
      writePart(value, digits: digits, to: place)
      return
    }
    let upper = value / 100_000_000
    let lower = eight(value &- upper &* 100_000_000)
    if digits <= 16 {
      writePart(upper, digits: digits &- 8, to: place)
    } else {
      let top = upper / 100_000_000
      writePart(top, digits: digits &- 16, to: place)
      place.storeBytes(of: eight(upper &- top &* 100_000_000).littleEndian, toByteOffset: digits &- 16, as: UInt64.self)
    }
    place.storeBytes(of: lower.littleEndian, toByteOffset: digits &- 8, as: UInt64.self)
  }

  /// At most eight digits.
  @inline(__always)
  private static func writePart(_ value: UInt64, digits: Int, to place: UnsafeMutableRawPointer) {
    let unused = UInt64(truncatingIfNeeded: 8 &- digits) &* 8
    place.storeBytes(of: (eight(value) &>> unused).littleEndian, as: UInt64.self)
  }

  private static let powersOfTen: InlineArray<20, UInt64> = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
}
