/// Reads the parts of depth messages and snapshots that a recorded book needs.
package enum DepthText {
  /// The whole number after `key`.
  package static func number(after key: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    var scanner = ByteScanner(bytes)
    guard scanner.find(key) else { return nil }
    return scanner.number()
  }

  /// The decimals of the first price and quantity; Binance prints all of a symbol alike.
  package static func format(ofFirstLevelIn bytes: ArraySlice<UInt8>) -> DecimalFormat? {
    var scanner = ByteScanner(bytes)
    guard scanner.find("[[\""), let price = scanner.take(until: 0x22), scanner.skip(",\""),
      let quantity = scanner.take(until: 0x22)
    else { return nil }
    let (priceScale, quantityScale) = (decimals(of: price), decimals(of: quantity))
    return DecimalFormat(
      priceScale: priceScale, priceDigits: priceScale, quantityScale: quantityScale, quantityDigits: quantityScale)
  }

  /// The `[["price","quantity"],…]` list after `key`; nil when it is cut, malformed or printed in another scale.
  package static func levels(
    after key: StaticString, in bytes: ArraySlice<UInt8>, format: DecimalFormat
  ) -> [PriceLevel]? {
    var scanner = ByteScanner(bytes)
    guard scanner.find(key), scanner.skip("[") else { return nil }
    var levels: [PriceLevel] = []
    while !scanner.skip("]") {
      if !levels.isEmpty, !scanner.skip(",") { return nil }
      guard scanner.skip("[\""), let price = scanner.take(until: 0x22), scanner.skip(",\""),
        let quantity = scanner.take(until: 0x22), scanner.skip("]"),
        let ticks = mantissa(of: price, scale: format.priceScale),
        let lots = mantissa(of: quantity, scale: format.quantityScale)
      else { return nil }
      levels.append(PriceLevel(price: ticks, quantity: lots))
    }
    return levels
  }

  private static func decimals(of text: ArraySlice<UInt8>) -> Int {
    text.firstIndex(of: 0x2E).map { min(18, text.endIndex - $0 - 1) } ?? 0
  }

  private static func mantissa(of text: ArraySlice<UInt8>, scale: Int) -> Int? {
    guard decimals(of: text) == scale else { return nil }
    var value = 0
    for byte in text where byte != 0x2E {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = scaled.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return text.isEmpty ? nil : value
  }
}
