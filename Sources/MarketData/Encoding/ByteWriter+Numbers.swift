extension ByteWriter {
  /// Room that any number needs: sign, point, 20 digits, quotes, and what is overwritten behind the digits. The zeros
  /// that an exchange wrote behind a decimal's digits come on top.
  private static let numberRoom = 40

  /// Writes an integer in decimal digits.
  public mutating func append(integer value: Int64) {
    reserve(Self.numberRoom)
    if value < 0 { put(UInt8(ascii: "-")) }
    let digits = DecimalDigits.count(of: value.magnitude)
    DecimalDigits.write(value.magnitude, digits: digits, to: base + count)
    advance(digits)
  }

  /// Writes the digits of a number as the exchange wrote them, without quotes.
  public mutating func append(_ decimal: FixedDecimal) {
    reserve(Self.numberRoom + Int(decimal.trailingZeros))
    put(decimal)
  }

  /// Writes a number as a JSON string: `"61659.70"`.
  public mutating func append(quoted decimal: FixedDecimal) {
    reserve(Self.numberRoom + Int(decimal.trailingZeros))
    put(UInt8(ascii: "\""))
    put(decimal)
    put(UInt8(ascii: "\""))
  }

  /// Writes a level as JSON: `["61659.70","1.486"]`.
  mutating func append(_ level: BookLevel) {
    reserve(2 * Self.numberRoom + Int(level.priceZeros) + Int(level.quantityZeros))
    put(UInt8(ascii: "["))
    put(UInt8(ascii: "\""))
    put(level.price)
    put(UInt8(ascii: "\""))
    put(UInt8(ascii: ","))
    put(UInt8(ascii: "\""))
    put(level.quantity)
    put(UInt8(ascii: "\""))
    put(UInt8(ascii: "]"))
  }

  /// Writes one byte; the room is there.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    base[count] = byte
    advance(1)
  }

  /// Writes a decimal; the room is there.
  @inline(__always)
  private mutating func put(_ decimal: FixedDecimal) {
    if decimal.mantissa < 0 { put(UInt8(ascii: "-")) }
    // A public initialiser bounds the scale, its setter does not.
    let scale = Int(min(decimal.scale, FixedDecimal.maximumScale))
    let magnitude = decimal.mantissa.magnitude
    let digits = max(DecimalDigits.count(of: magnitude), scale &+ 1)
    DecimalDigits.write(magnitude, digits: digits, to: base + count)
    advance(digits)
    if scale > 0 || decimal.trailingZeros > 0 { putPoint(beforeLast: scale) }
    for _ in 0..<decimal.trailingZeros { put(UInt8(ascii: "0")) }
  }

  /// The digits stand; those behind the point move one to the right.
  @inline(__always)
  private mutating func putPoint(beforeLast decimals: Int) {
    let point = UnsafeMutableRawPointer(base + (count &- decimals))
    if decimals <= 8 {
      let moved = point.loadUnaligned(as: UInt64.self)
      point.storeBytes(of: moved, toByteOffset: 1, as: UInt64.self)
    } else {
      (point + 1).copyMemory(from: point, byteCount: decimals)
    }
    point.storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
    advance(1)
  }
}
