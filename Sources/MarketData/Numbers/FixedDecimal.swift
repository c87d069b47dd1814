/// An exact decimal number as an exchange wrote it: `mantissa` × 10^-`scale`, followed by `trailingZeros` further zeros.
///
/// `"61659.70"` is 6165970 with scale 2, so that writing it again gives the same digits. `trailingZeros` is zero but for
/// numbers whose written digits exceed an `Int64` and whose value does not, such as a quantity of
/// `"491529632100.00000000"` in a coin worth a millionth of a dollar.
///
/// Comparison is by value: `1.0 == 1.00`.
public struct FixedDecimal: Sendable {
  /// The most decimal places that `scale` may have: 10^18 is the largest power of ten in an `Int64`.
  public static let maximumScale: UInt8 = 18

  /// All digits, without the point.
  public var mantissa: Int64
  /// How many of the mantissa's digits stand behind the point.
  public var scale: UInt8
  /// Zeros that the exchange wrote behind the mantissa's digits.
  public var trailingZeros: UInt8

  /// Creates `mantissa` × 10^-`scale`; a scale over ``maximumScale`` is cut to it.
  @inlinable
  public init(mantissa: Int64, scale: UInt8, trailingZeros: UInt8 = 0) {
    self.mantissa = mantissa
    self.scale = min(scale, Self.maximumScale)
    self.trailingZeros = trailingZeros
  }

  /// Zero without decimals.
  public static let zero = FixedDecimal(mantissa: 0, scale: 0)

  /// Whether the value is zero.
  @inlinable public var isZero: Bool { mantissa == 0 }
}

extension FixedDecimal: Comparable {
  /// Whether both have the same value.
  @inlinable
  public static func == (left: FixedDecimal, right: FixedDecimal) -> Bool {
    if left.scale == right.scale { return left.mantissa == right.mantissa }
    return left.aligned(with: right) == right.aligned(with: left)
  }

  /// Whether the left value is smaller.
  @inlinable
  public static func < (left: FixedDecimal, right: FixedDecimal) -> Bool {
    if left.scale == right.scale { return left.mantissa < right.mantissa }
    return left.aligned(with: right) < right.aligned(with: left)
  }

  /// The mantissa at the larger of both scales. 10^18 times an `Int64` fits in 128 bits.
  @usableFromInline
  func aligned(with other: FixedDecimal) -> Int128 {
    let missing = other.scale > scale ? other.scale - scale : 0
    return Int128(mantissa) * Int128(PowersOfTen[missing])
  }

  /// The mantissa this value has at `newScale`, or nil when digits would be lost or it does not fit.
  @inlinable
  public func mantissa(atScale newScale: UInt8) -> Int64? {
    if newScale == scale { return mantissa }
    guard newScale <= Self.maximumScale else { return nil }
    if newScale > scale {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: PowersOfTen[newScale - scale])
      return overflow ? nil : product
    }
    let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: PowersOfTen[scale - newScale])
    return remainder == 0 ? quotient : nil
  }
}

extension FixedDecimal: CustomStringConvertible, LosslessStringConvertible {
  /// The digits as the exchange wrote them.
  public var description: String {
    var writer = ByteWriter()
    writer.append(self)
    return writer.string
  }

  /// Reads a plain decimal such as `-12.50`; nil for anything else.
  public init?(_ description: String) {
    var text = description
    let parsed = text.withUTF8 { try? FixedDecimal(parsing: $0[...]) }
    guard let parsed else { return nil }
    self = parsed
  }
}

/// 10^0 … 10^18 as a table.
@usableFromInline
enum PowersOfTen {
  @usableFromInline
  static let table: InlineArray<19, Int64> = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000,
  ]

  /// 10^`exponent`; the exponent is 18 at most.
  @usableFromInline
  static subscript(exponent: UInt8) -> Int64 { table[Int(min(exponent, 18))] }
}
