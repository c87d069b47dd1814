import MarketData

/// The fields of a Binance event object that matter here, in whatever order they come.
///
/// One letter means different things in different events (`b` is the best bid in bookTicker and the list of bids in
/// depthUpdate), so a field is stored by the JSON type it was found with and the event's name decides in the end.
///
/// Which fields were there is one set of bits and not an optional for each: the value is made anew for every message.
struct BinanceEvent {
  var name = BinanceEventName.none
  /// Which of the fields below were read.
  var fields = BinanceFields()
  var symbol = 0
  var eventTime: Int64 = 0
  var transactionTime: Int64 = 0
  var firstUpdateID: Int64 = 0
  var lastUpdateID: Int64 = 0
  var previousUpdateID: Int64 = 0
  var tradeID: Int64 = 0
  var bids = 0..<0
  var asks = 0..<0
  var bidPrice = FixedDecimal(mantissa: 0, scale: 0)
  var bidQuantity = FixedDecimal(mantissa: 0, scale: 0)
  var askPrice = FixedDecimal(mantissa: 0, scale: 0)
  var askQuantity = FixedDecimal(mantissa: 0, scale: 0)
  var price = FixedDecimal(mantissa: 0, scale: 0)
  var quantity = FixedDecimal(mantissa: 0, scale: 0)
  var buyerIsMaker = false
  /// USD-M `X`: whether the fill came from the market and not from the insurance fund or auto-deleveraging.
  var isMarketFill = true

  /// When it happened: the transaction's time where the exchange gives it, else the event's.
  @inline(__always)
  var time: Int64? {
    if fields.has(.transactionTime) { return transactionTime }
    return fields.has(.eventTime) ? eventTime : nil
  }

  /// The failure for a field that the event must have and that was not read.
  func absent(_ field: StaticString) -> DecodeFailure {
    DecodeFailure(fields.mistyped?.description == field.description ? .wrongType : .missingField, field: field)
  }
}

/// Which fields of a Binance event were read.
struct BinanceFields {
  /// A set of fields, a bit for each.
  struct Mark: OptionSet {
    let rawValue: UInt16

    static let symbol = Mark(rawValue: 1 << 0)
    static let eventTime = Mark(rawValue: 1 << 1)
    static let transactionTime = Mark(rawValue: 1 << 2)
    static let firstUpdateID = Mark(rawValue: 1 << 3)
    static let lastUpdateID = Mark(rawValue: 1 << 4)
    static let previousUpdateID = Mark(rawValue: 1 << 5)
    static let tradeID = Mark(rawValue: 1 << 6)
    static let bids = Mark(rawValue: 1 << 7)
    static let asks = Mark(rawValue: 1 << 8)
    static let bidPrice = Mark(rawValue: 1 << 9)
    static let bidQuantity = Mark(rawValue: 1 << 10)
    static let askPrice = Mark(rawValue: 1 << 11)
    static let askQuantity = Mark(rawValue: 1 << 12)
    static let price = Mark(rawValue: 1 << 13)
    static let quantity = Mark(rawValue: 1 << 14)
    static let buyerIsMaker = Mark(rawValue: 1 << 15)
  }

  /// The fields read.
  private(set) var found: Mark = []
  /// A field that was there with another JSON type than the one it is read as.
  private(set) var mistyped: StaticString?

  /// Whether all of `fields` were read.
  @inline(__always)
  func has(_ fields: Mark) -> Bool { found.rawValue & fields.rawValue == fields.rawValue }

  @inline(__always)
  mutating func add(_ field: Mark) { found = Mark(rawValue: found.rawValue | field.rawValue) }

  /// The field came with another type; whatever was read of it before does not count.
  mutating func addMistyped(_ field: Mark, _ name: StaticString) {
    found.remove(field)
    mistyped = name
  }
}
