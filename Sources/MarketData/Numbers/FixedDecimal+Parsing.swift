/// Why a text is no ``FixedDecimal``.
public enum DecimalError: Error, Sendable, Equatable {
  /// Not of the form `-?digits[.digits]`: exponents, blanks, a second sign and lone points included.
  case malformed
  /// More digits than 18 significant ones, or than 18 decimal places that count.
  case outOfRange
}

extension FixedDecimal {
  /// Reads the whole of `text`.
  ///
  /// - Throws: ``DecimalError`` when it is not a plain decimal or has too many digits.
  @inlinable
  public init(parsing text: Slice<UnsafeBufferPointer<UInt8>>) throws(DecimalError) {
    guard let base = text.base.baseAddress else { throw .malformed }
    try self.init(parsing: base + text.startIndex, end: base + text.endIndex)
  }

  /// Reads all bytes from `start` to `end`.
  ///
  /// - Throws: ``DecimalError`` when it is not a plain decimal or has too many digits.
  @inlinable
  public init(parsing start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) throws(DecimalError) {
    var cursor = start
    let negative = cursor < end && cursor.pointee == UInt8(ascii: "-")
    if negative { cursor += 1 }
    // Eighteen digits cannot overflow, so the usual number needs no overflow check at each digit.
    guard end - cursor <= 19 else {
      self = try Self.parseLong(start, end, negative: negative)
      return
    }
    var mantissa: UInt64 = 0
    let firstDigit = cursor
    while cursor < end {
      let digit = cursor.pointee &- 0x30
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      cursor += 1
    }
    guard cursor > firstDigit else { throw .malformed }
    var scale: UInt8 = 0
    if cursor < end {
      guard cursor.pointee == UInt8(ascii: ".") else { throw .malformed }
      cursor += 1
      let firstDecimal = cursor
      while cursor < end {
        let digit = cursor.pointee &- 0x30
        guard digit <= 9 else { throw .malformed }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        cursor += 1
      }
      guard cursor > firstDecimal else { throw .malformed }
      scale = UInt8(truncatingIfNeeded: cursor - firstDecimal)
    } else if cursor - firstDigit > 18 {
      self = try Self.parseLong(start, end, negative: negative)
      return
    }
    let signed = Int64(bitPattern: mantissa)
    self.init(mantissa: negative ? 0 &- signed : signed, scale: scale)
  }

  /// The careful way for long texts: leading zeros do not count, trailing zeros behind the point are kept apart.
  @usableFromInline
  static func parseLong(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, negative: Bool
  ) throws(DecimalError) -> FixedDecimal {
    var cursor = negative ? start + 1 : start
    var pointSeen = false
    var digits = 0
    var decimals = 0
    var mantissa: Int64 = 0
    // Zeros behind the point are written into the mantissa only when a further digit follows them.
    var pendingZeros = 0
    while cursor < end {
      let byte = cursor.pointee
      cursor += 1
      if byte == UInt8(ascii: ".") {
        guard !pointSeen, digits > 0 else { throw .malformed }
        pointSeen = true
        continue
      }
      let digit = byte &- 0x30
      guard digit <= 9 else { throw .malformed }
      digits += 1
      if pointSeen && digit == 0 {
        pendingZeros += 1
        continue
      }
      for _ in 0..<pendingZeros {
        mantissa = try appending(0, to: mantissa)
        decimals += 1
      }
      pendingZeros = 0
      mantissa = try appending(Int64(digit), to: mantissa)
      if pointSeen { decimals += 1 }
    }
    guard digits > 0, !pointSeen || decimals + pendingZeros > 0 else { throw .malformed }
    guard decimals <= Int(maximumScale), pendingZeros <= 64 else { throw .outOfRange }
    return FixedDecimal(
      mantissa: negative ? -mantissa : mantissa, scale: UInt8(decimals), trailingZeros: UInt8(pendingZeros))
  }

  private static func appending(_ digit: Int64, to mantissa: Int64) throws(DecimalError) -> Int64 {
    let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tens.addingReportingOverflow(digit)
    guard !overflow, !carry else { throw .outOfRange }
    return sum
  }
}
