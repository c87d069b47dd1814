/// How whole ticks and lots of a symbol are printed: `scale` digits are counted, `digits` are printed, zeros padded.
///
/// Spot BTCUSDT counts cents and prints `61837.63000000`: price scale 2, price digits 8.
package struct DecimalFormat: Sendable, Equatable {
  package let priceScale: Int
  package let priceDigits: Int
  package let quantityScale: Int
  package let quantityDigits: Int

  package init(priceScale: Int, priceDigits: Int, quantityScale: Int, quantityDigits: Int) {
    self.priceScale = priceScale
    self.priceDigits = priceDigits
    self.quantityScale = quantityScale
    self.quantityDigits = quantityDigits
  }

  package func price(_ ticks: Int) -> String {
    var text = FrameText()
    text.price(ticks, self)
    return text.string
  }

  package func quantity(_ lots: Int) -> String {
    var text = FrameText()
    text.quantity(lots, self)
    return text.string
  }
}

/// Builds a frame's text byte by byte.
package struct FrameText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package mutating func text(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func literal(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  package mutating func number(_ value: Int) {
    digits(value, scale: 0, printed: 0)
  }

  /// A quoted price.
  package mutating func quotedPrice(_ ticks: Int, _ format: DecimalFormat) {
    bytes.append(0x22)
    price(ticks, format)
    bytes.append(0x22)
  }

  /// A quoted quantity.
  package mutating func quotedQuantity(_ lots: Int, _ format: DecimalFormat) {
    bytes.append(0x22)
    quantity(lots, format)
    bytes.append(0x22)
  }

  mutating func price(_ ticks: Int, _ format: DecimalFormat) {
    digits(ticks, scale: format.priceScale, printed: format.priceDigits)
  }

  mutating func quantity(_ lots: Int, _ format: DecimalFormat) {
    digits(lots, scale: format.quantityScale, printed: format.quantityDigits)
  }

  private mutating func digits(_ value: Int, scale: Int, printed: Int) {
    if value < 0 { bytes.append(0x2D) }
    var rest = value.magnitude
    let start = bytes.count
    var written = 0
    while rest > 0 || written <= scale {
      if written == scale, scale > 0 { bytes.append(0x2E) }
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
      written += 1
    }
    bytes[start...].reverse()
    if scale == 0, printed > 0 { bytes.append(0x2E) }
    for _ in 0..<max(0, printed - scale) { bytes.append(0x30) }
  }
}
