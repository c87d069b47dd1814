/// Eight bytes of a text in one machine word, the first byte lowest, so that a few instructions look at all of them.
struct ByteWord {
  private let bits: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Loads the eight bytes from `place` on, all of which must be readable.
  @inline(__always)
  init(loading place: UnsafePointer<UInt8>) {
    bits = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  /// How many bytes stand before the first quote, backslash or control character; 8 when there is none.
  @inline(__always)
  var plainTextPrefix: Int {
    let quotes = bits ^ (Self.ones &* 0x22)
    let backslashes = bits ^ (Self.ones &* 0x5C)
    // A borrow can mark bytes behind a true hit, never before it: the lowest mark of each term is right.
    let hits =
      ((quotes &- Self.ones) & ~quotes) | ((backslashes &- Self.ones) & ~backslashes)
      | ((bits &- Self.ones &* 0x20) & ~bits)
    return (hits & Self.highBits).trailingZeroBitCount &>> 3
  }

  /// The letter `x` when the word begins with `"x":`; not for what is no letter, such as a quote or a backslash.
  @inline(__always)
  var singleLetterKey: UInt64? {
    let letter = (bits &>> 8) & 0xFF
    guard bits & 0xFFFF_00FF == 0x3A22_0022, letter > 0x22, letter != 0x5C else { return nil }
    return letter
  }

  /// How many decimal digits stand at the beginning, and their value.
  @inline(__always)
  var leadingDigits: (count: Int, value: UInt64) {
    let digits = bits ^ (Self.ones &* 0x30)
    // A byte is above 9 when adding 0x76 reaches its high bit, or when it has the bit already.
    let others = (((digits & ~Self.highBits) &+ Self.ones &* 0x76) | digits) & Self.highBits
    let count = others.trailingZeroBitCount &>> 3
    guard count > 0 else { return (0, 0) }
    // Missing digits become leading zeros; then pairs, fours and all eight are added up, each with one multiplication.
    let aligned = digits &<< UInt64(truncatingIfNeeded: 64 &- count &* 8)
    let pairs = (aligned &* 10) &+ (aligned &>> 8)
    let upper = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let lower = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return (count, (upper &+ lower) &>> 32)
  }

  /// 10^`exponent` for up to eight digits.
  @inline(__always)
  static func powerOfTen(_ exponent: Int) -> UInt64 { powersOfTen[min(exponent, 8)] }

  private static let powersOfTen: InlineArray<9, UInt64> = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]
}
