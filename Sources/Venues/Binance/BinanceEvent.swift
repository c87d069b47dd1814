import MarketData

/// The fields of a Binance event object that matter here, in whatever order they come.
///
/// One letter means different things in different events (`b` is the best bid in bookTicker and the list of bids in
/// depthUpdate), so a field is stored by the JSON type it was found with and the event's name decides in the end.
struct BinanceEvent {
  var name = BinanceEventName.none
  var symbol: Int?
  var eventTime: Int64?
  var transactionTime: Int64?
  var firstUpdateID: Int64?
  var lastUpdateID: Int64?
  var previousUpdateID: Int64?
  var tradeID: Int64?
  var bids: Range<Int>?
  var asks: Range<Int>?
  var bidPrice: FixedDecimal?
  var bidQuantity: FixedDecimal?
  var askPrice: FixedDecimal?
  var askQuantity: FixedDecimal?
  var price: FixedDecimal?
  var quantity: FixedDecimal?
  var buyerIsMaker: Bool?
  /// USD-M `X`: whether the fill came from the market and not from the insurance fund or auto-deleveraging.
  var isMarketFill = true
  /// A field that was there with another JSON type than the one it is read as.
  var mistyped: StaticString?

  /// The failure for a field that the event must have and that was not read.
  func absent(_ field: StaticString) -> DecodeFailure {
    DecodeFailure(mistyped?.description == field.description ? .wrongType : .missingField, field: field)
  }
}

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
