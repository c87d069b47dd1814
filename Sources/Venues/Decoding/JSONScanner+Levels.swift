import MarketData

extension JSONScanner {
  /// Takes `[["price","quantity"],…]` and appends the levels; further members of a level are passed over.
  ///
  /// - Returns: where the levels stand in `levels`.
  @inline(__always)
  mutating func levels(_ field: StaticString, into levels: inout LevelBuffer) throws(DecodeFailure) -> Range<Int> {
    let start = levels.count
    guard take(UInt8(ascii: "[")) else { throw DecodeFailure(.wrongType, field: field) }
    if take(UInt8(ascii: "]")) { return start..<start }
    repeat {
      guard take(UInt8(ascii: "[")) else { throw DecodeFailure(.wrongType, field: field) }
      let price = try quotedDecimal(field)
      try expect(UInt8(ascii: ","), field)
      let quantity = try quotedDecimal(field)
      guard price.mantissa > 0, quantity.mantissa >= 0 else { throw DecodeFailure(.numberOutOfRange, field: field) }
      while !take(UInt8(ascii: "]")) {
        try expect(UInt8(ascii: ","), field)
        try skipValue(field)
      }
      levels.append(BookLevel(price: price, quantity: quantity))
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), field)
    return start..<levels.count
  }
}
