import MarketData

extension JSONScanner {
  /// Takes one Binance event object.
  ///
  /// - Parameters:
  ///   - event: an empty event; gets the fields.
  ///   - buffer: gets the price levels of a depth event.
  ///   - symbol: from the bytes of field `s` to the instrument's place.
  @inline(__always)
  mutating func binanceEvent(
    into event: inout BinanceEvent, levels buffer: inout LevelBuffer, symbol: (UnsafeBufferPointer<UInt8>) -> Int?
  ) throws(DecodeFailure) {
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
        event.fields.add(.symbol)
      case Key.E: try milliseconds("E", .eventTime, &event.fields, into: &event.eventTime)
      case Key.T: try milliseconds("T", .transactionTime, &event.fields, into: &event.transactionTime)
      case Key.U: try integer("U", .firstUpdateID, &event.fields, into: &event.firstUpdateID)
      case Key.u: try integer("u", .lastUpdateID, &event.fields, into: &event.lastUpdateID)
      case Key.pu: try integer("pu", .previousUpdateID, &event.fields, into: &event.previousUpdateID)
      case Key.t: try integer("t", .tradeID, &event.fields, into: &event.tradeID)
      case Key.b:
        if peek() == UInt8(ascii: "[") {
          event.bids = try levels("b", into: &buffer)
          event.fields.add(.bids)
        } else {
          try decimal("b", .bidPrice, &event.fields, into: &event.bidPrice)
        }
      case Key.a:
        if peek() == UInt8(ascii: "[") {
          event.asks = try levels("a", into: &buffer)
          event.fields.add(.asks)
        } else {
          try decimal("a", .askPrice, &event.fields, into: &event.askPrice)
        }
      case Key.B: try decimal("B", .bidQuantity, &event.fields, into: &event.bidQuantity)
      case Key.A: try decimal("A", .askQuantity, &event.fields, into: &event.askQuantity)
      case Key.p: try decimal("p", .price, &event.fields, into: &event.price)
      case Key.q: try decimal("q", .quantity, &event.fields, into: &event.quantity)
      case Key.m:
        if peek() == UInt8(ascii: "t") || peek() == UInt8(ascii: "f") {
          event.buyerIsMaker = try boolean("m")
          event.fields.add(.buyerIsMaker)
        } else {
          event.fields.addMistyped(.buyerIsMaker, "m")
          try skipValue("m")
        }
      case Key.X:
        guard peek() == UInt8(ascii: "\"") else { throw DecodeFailure(.wrongType, field: "X") }
        event.isMarketFill = Self.packed(try string("X")) == Key.market
      default: try skipValue("data")
      }
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "data")
  }

  /// Milliseconds since 1970; a time in microseconds, which Binance gives when asked to, is told by its size.
  @inline(__always)
  private mutating func milliseconds(
    _ name: StaticString, _ mark: BinanceFields.Mark, _ fields: inout BinanceFields, into value: inout Int64
  ) throws(DecodeFailure) {
    try integer(name, mark, &fields, into: &value)
    if value >= 100_000_000_000_000 { value /= 1000 }
  }

  /// An integer that is not negative; the field may hold another type in this kind of event.
  @inline(__always)
  private mutating func integer(
    _ name: StaticString, _ mark: BinanceFields.Mark, _ fields: inout BinanceFields, into value: inout Int64
  ) throws(DecodeFailure) {
    let first = peek()
    guard first &- 0x30 <= 9 || first == UInt8(ascii: "-") else {
      fields.addMistyped(mark, name)
      try skipValue(name)
      return
    }
    value = try integer(name)
    guard value >= 0 else { throw DecodeFailure(.numberOutOfRange, field: name) }
    fields.add(mark)
  }

  /// A decimal string; the field may hold another type in this kind of event.
  @inline(__always)
  private mutating func decimal(
    _ name: StaticString, _ mark: BinanceFields.Mark, _ fields: inout BinanceFields, into value: inout FixedDecimal
  ) throws(DecodeFailure) {
    guard peek() == UInt8(ascii: "\"") else {
      fields.addMistyped(mark, name)
      try skipValue(name)
      return
    }
    value = try quotedDecimal(name)
    fields.add(mark)
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
