/// The names in field `e`, with what becomes of them.
enum BinanceEventName: Int, CaseIterable {
  case none, depthUpdate, bookTicker, trade, aggTrade, kline, ticker24h, miniTicker, markPriceUpdate, forceOrder
  case contractInfo, avgPrice, serverShutdown

  /// Whether the event's fields are not read: it is counted, and that is all.
  @inline(__always)
  var isPassedOver: Bool {
    switch self {
    case .none, .depthUpdate, .bookTicker, .trade: false
    default: true
    }
  }

  /// Names as Binance writes them, beside the name they are counted under.
  static let table: [(name: BinanceEventName, wire: StaticString, counted: String)] = [
    (.none, "", "unnamed"),
    (.depthUpdate, "depthUpdate", "orderbook"),
    (.bookTicker, "bookTicker", "ticker"),
    (.trade, "trade", "trade"),
    (.aggTrade, "aggTrade", "aggTrade"),
    (.kline, "kline", "kline"),
    (.ticker24h, "24hrTicker", "24hrTicker"),
    (.miniTicker, "24hrMiniTicker", "24hrMiniTicker"),
    (.markPriceUpdate, "markPriceUpdate", "markPriceUpdate"),
    (.forceOrder, "forceOrder", "forceOrder"),
    (.contractInfo, "contractInfo", "contractInfo"),
    (.avgPrice, "avgPrice", "avgPrice"),
    (.serverShutdown, "serverShutdown", "serverShutdown"),
  ]

  /// The name with these bytes, nil when it is not in the table.
  static func named(_ text: UnsafeBufferPointer<UInt8>) -> BinanceEventName? {
    switch text.count {
    case 5: matches(text, "trade") ? .trade : matches(text, "kline") ? .kline : nil
    case 10:
      matches(text, "bookTicker")
        ? .bookTicker : matches(text, "24hrTicker") ? .ticker24h : matches(text, "forceOrder") ? .forceOrder : nil
    case 11: matches(text, "depthUpdate") ? .depthUpdate : nil
    default: table.first { $0.name != .none && matches(text, $0.wire) }?.name
    }
  }

  @inline(__always)
  private static func matches(_ text: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<text.count where text[index] != word.utf8Start[index] { return false }
    return true
  }
}
