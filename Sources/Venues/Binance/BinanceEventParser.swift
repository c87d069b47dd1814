import MarketData

extension JSONScanner {
  /// Takes one Binance event object.
  ///
  /// - Parameters:
  ///   - levels: gets the price levels of a depth event.
  ///   - symbol: from the bytes of field `s` to the instrument's place.
  @inline(__always)
  mutating func binanceEvent(
    levels buffer: inout LevelBuffer, symbol: (UnsafeBufferPointer<UInt8>) -> Int?
  ) throws(DecodeFailure) -> BinanceEvent {
    var event = BinanceEvent()
    try expect(UInt8(ascii: "{"), "data")
    if take(UInt8(ascii: "}")) { throw DecodeFailure(.missingField, field: "e") }
    repeat {
      let field = try key("data")
      if event.name.isPassedOver {
        try skipValue("data")
        continue
      }
      switch field {
      case Key.e:
        guard let name = BinanceEventName.named(try string("e")) else { throw DecodeFailure(.unknownEvent, field: "e") }
        event.name = name
      case Key.s:
        guard let index = symbol(try string("s")) else { throw DecodeFailure(.unknownSymbol, field: "s") }
        event.symbol = index
      case Key.E: event.eventTime = try milliseconds("E", &event.mistyped)
      case Key.T: event.transactionTime = try milliseconds("T", &event.mistyped)
      case Key.U: event.firstUpdateID = try optionalInteger("U", &event.mistyped)
      case Key.u: event.lastUpdateID = try optionalInteger("u", &event.mistyped)
      case Key.pu: event.previousUpdateID = try optionalInteger("pu", &event.mistyped)
      case Key.t: event.tradeID = try optionalInteger("t", &event.mistyped)
      case Key.b:
        if peek() == UInt8(ascii: "[") {
          event.bids = try levels("b", into: &buffer)
        } else {
          event.bidPrice = try optionalDecimal("b", &event.mistyped)
        }
      case Key.a:
        if peek() == UInt8(ascii: "[") {
          event.asks = try levels("a", into: &buffer)
        } else {
          event.askPrice = try optionalDecimal("a", &event.mistyped)
        }
      case Key.B: event.bidQuantity = try optionalDecimal("B", &event.mistyped)
      case Key.A: event.askQuantity = try optionalDecimal("A", &event.mistyped)
      case Key.p: event.price = try optionalDecimal("p", &event.mistyped)
      case Key.q: event.quantity = try optionalDecimal("q", &event.mistyped)
      case Key.m:
        if peek() == UInt8(ascii: "t") || peek() == UInt8(ascii: "f") {
          event.buyerIsMaker = try boolean("m")
        } else {
          event.mistyped = "m"
          try skipValue("m")
        }
      case Key.X:
        guard peek() == UInt8(ascii: "\"") else { throw DecodeFailure(.wrongType, field: "X") }
        event.isMarketFill = Self.packed(try string("X")) == Key.market
      default: try skipValue("data")
      }
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "data")
    return event
  }

  /// Milliseconds since 1970; a time in microseconds, which Binance gives when asked to, is told by its size.
  @inline(__always)
  private mutating func milliseconds(_ field: StaticString, _ mistyped: inout StaticString?) throws(DecodeFailure) -> Int64? {
    guard let value = try optionalInteger(field, &mistyped) else { return nil }
    return value >= 100_000_000_000_000 ? value / 1000 : value
  }

  /// An integer, or nil when the field holds another type in this kind of event.
  @inline(__always)
  private mutating func optionalInteger(_ field: StaticString, _ mistyped: inout StaticString?) throws(DecodeFailure) -> Int64? {
    let first = peek()
    if first &- 0x30 <= 9 || first == UInt8(ascii: "-") {
      let value = try integer(field)
      guard value >= 0 else { throw DecodeFailure(.numberOutOfRange, field: field) }
      return value
    }
    mistyped = field
    try skipValue(field)
    return nil
  }

  /// A decimal string, or nil when the field holds another type in this kind of event.
  @inline(__always)
  private mutating func optionalDecimal(_ field: StaticString, _ mistyped: inout StaticString?) throws(DecodeFailure) -> FixedDecimal? {
    guard peek() == UInt8(ascii: "\"") else {
      mistyped = field
      try skipValue(field)
      return nil
    }
    return try quotedDecimal(field)
  }
}

/// Keys as ``JSONScanner/key(_:)`` packs them.
private enum Key {
  static let e: UInt64 = 0x65
  static let s: UInt64 = 0x73
  static let E: UInt64 = 0x45
  static let T: UInt64 = 0x54
  static let U: UInt64 = 0x55
  static let u: UInt64 = 0x75
  static let pu: UInt64 = 0x7570
  static let t: UInt64 = 0x74
  static let b: UInt64 = 0x62
  static let a: UInt64 = 0x61
  static let B: UInt64 = 0x42
  static let A: UInt64 = 0x41
  static let p: UInt64 = 0x70
  static let q: UInt64 = 0x71
  static let m: UInt64 = 0x6D
  static let X: UInt64 = 0x58
  /// The text `MARKET`.
  static let market: UInt64 = 0x5445_4B52_414D
}
