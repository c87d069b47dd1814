/// A growing run of bytes, written at its end and reused: clearing keeps the memory, so that writing allocates nothing
/// once the largest message has been seen.
public struct ByteWriter: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  /// Bytes written so far.
  public private(set) var count: Int
  @usableFromInline var capacity: Int

  /// Creates an empty writer with room for `capacity` bytes.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 64)
    base = .allocate(capacity: self.capacity)
    count = 0
  }

  deinit { base.deallocate() }

  /// What has been written; valid until the next write.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// What has been written, as text.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what has been written; the memory stays.
  public mutating func removeAll() { count = 0 }

  /// Forgets what has been written behind the first `count` bytes.
  public mutating func truncate(to newCount: Int) { count = min(count, max(0, newCount)) }

  /// Makes room for `more` further bytes.
  public mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  private mutating func grow(_ more: Int) {
    let newCapacity = max(capacity * 2, count + more)
    let newBase = UnsafeMutablePointer<UInt8>.allocate(capacity: newCapacity)
    newBase.update(from: base, count: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }

  /// Writes one byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  /// Writes the bytes as they are.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(bytes.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Writes the bytes as they are.
  public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append($0) }
  }

  /// Writes a literal's bytes.
  public mutating func append(_ literal: StaticString) {
    append(UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Writes a text's UTF-8 bytes without any escape.
  public mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Writes an integer in decimal digits.
  public mutating func append(integer value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude, minimum: 1)
  }

  /// Writes the digits of a number as the exchange wrote them, without quotes.
  public mutating func append(_ decimal: FixedDecimal) {
    if decimal.mantissa < 0 { append(UInt8(ascii: "-")) }
    let scale = Int(decimal.scale)
    appendDigits(decimal.mantissa.magnitude, minimum: scale + 1)
    guard scale > 0 || decimal.trailingZeros > 0 else { return }
    reserve(1 + Int(decimal.trailingZeros))
    // The digits stand; move those behind the point one to the right.
    let point = base + (count - scale)
    UnsafeMutableRawPointer(point + 1).copyMemory(from: point, byteCount: scale)
    point.pointee = UInt8(ascii: ".")
    count += 1
    for _ in 0..<decimal.trailingZeros {
      base[count] = UInt8(ascii: "0")
      count += 1
    }
  }

  private mutating func appendDigits(_ magnitude: UInt64, minimum: Int) {
    reserve(20 + minimum)
    var digits = max(DigitCount.of(magnitude), minimum)
    let end = count + digits
    var rest = magnitude
    while digits > 0 {
      digits -= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      base[count + digits] = UInt8(truncatingIfNeeded: digit) &+ 0x30
      rest = quotient
    }
    count = end
  }
}

enum DigitCount {
  static func of(_ value: UInt64) -> Int {
    var count = 1
    var bound: UInt64 = 10
    while value >= bound {
      count += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    return count
  }
}
