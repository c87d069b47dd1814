/// Binance's messages, key order and number style as recorded in August 2024.
package enum BinanceFrames {
  package static func depthUpdate(
    _ diff: DepthDiff, of instrument: SimulatedInstrument, time: Int
  ) -> [UInt8] {
    var frame = FrameText(capacity: 160 + 32 * (diff.bids.count + diff.asks.count))
    frame.literal("{\"e\":\"depthUpdate\",\"E\":")
    frame.number(time)
    if instrument.market == .usdm {
      frame.literal(",\"T\":")
      frame.number(time)
    }
    frame.symbol(instrument)
    frame.literal(",\"U\":")
    frame.number(diff.firstUpdateID)
    frame.literal(",\"u\":")
    frame.number(diff.lastUpdateID)
    if instrument.market == .usdm {
      frame.literal(",\"pu\":")
      frame.number(diff.previousLastUpdateID)
    }
    frame.literal(",\"b\":")
    // Spot lists the best bid first, USD-M ascending prices on both sides.
    if instrument.market == .spot {
      frame.levels(diff.bids, instrument.format)
    } else {
      frame.levels(diff.bids.reversed(), instrument.format)
    }
    frame.literal(",\"a\":")
    frame.levels(diff.asks, instrument.format)
    frame.literal("}")
    return frame.bytes
  }

  /// Spot's has neither event type nor times.
  package static func bookTicker(_ quote: BestQuote, of instrument: SimulatedInstrument, time: Int) -> [UInt8] {
    var frame = FrameText()
    frame.literal(instrument.market == .usdm ? "{\"e\":\"bookTicker\",\"u\":" : "{\"u\":")
    frame.number(quote.updateID)
    frame.symbol(instrument)
    frame.literal(",\"b\":")
    frame.quotedPrice(quote.bid.price, instrument.format)
    frame.literal(",\"B\":")
    frame.quotedQuantity(quote.bid.quantity, instrument.format)
    frame.literal(",\"a\":")
    frame.quotedPrice(quote.ask.price, instrument.format)
    frame.literal(",\"A\":")
    frame.quotedQuantity(quote.ask.quantity, instrument.format)
    if instrument.market == .usdm {
      frame.literal(",\"T\":")
      frame.number(time)
      frame.literal(",\"E\":")
      frame.number(time)
    }
    frame.literal("}")
    return frame.bytes
  }

  package static func trade(_ trade: SimulatedTrade, of instrument: SimulatedInstrument, time: Int) -> [UInt8] {
    var frame = FrameText()
    frame.literal("{\"e\":\"trade\",\"E\":")
    frame.number(time)
    if instrument.market == .usdm {
      frame.literal(",\"T\":")
      frame.number(time)
    }
    frame.symbol(instrument)
    frame.literal(",\"t\":")
    frame.number(trade.id)
    frame.priceAndQuantity(trade.price, trade.quantity, instrument.format)
    if instrument.market == .usdm {
      frame.literal(",\"X\":\"MARKET\"")
    } else {
      frame.literal(",\"T\":")
      frame.number(time)
    }
    frame.makerFlag(trade.buyerIsMaker, instrument.market)
    return frame.bytes
  }

  package static func aggregateTrade(
    _ trade: AggregateTrade, of instrument: SimulatedInstrument, time: Int
  ) -> [UInt8] {
    var frame = FrameText()
    frame.literal("{\"e\":\"aggTrade\",\"E\":")
    frame.number(time)
    if instrument.market == .spot { frame.symbol(instrument) }
    frame.literal(",\"a\":")
    frame.number(trade.id)
    if instrument.market == .usdm { frame.symbol(instrument) }
    frame.priceAndQuantity(trade.price, trade.quantity, instrument.format)
    frame.literal(",\"f\":")
    frame.number(trade.firstTradeID)
    frame.literal(",\"l\":")
    frame.number(trade.lastTradeID)
    frame.literal(",\"T\":")
    frame.number(time)
    frame.makerFlag(trade.buyerIsMaker, instrument.market)
    return frame.bytes
  }

  /// A REST depth snapshot of at most `limit` levels a side.
  package static func snapshot(
    _ book: SimulatedBook, market: SimulatedMarket, format: DecimalFormat, limit: Int, time: Int
  ) -> [UInt8] {
    let count = min(limit, max(book.bids.count, book.asks.count))
    var frame = FrameText(capacity: 64 + 64 * count)
    frame.literal("{\"lastUpdateId\":")
    frame.number(book.lastUpdateID)
    if market == .usdm {
      frame.literal(",\"E\":")
      frame.number(time)
      frame.literal(",\"T\":")
      frame.number(time)
    }
    frame.literal(",\"bids\":")
    frame.levels(book.bids.levels.suffix(limit).reversed(), format)
    frame.literal(",\"asks\":")
    frame.levels(book.asks.levels.suffix(limit).reversed(), format)
    frame.literal("}")
    return frame.bytes
  }
}

extension FrameText {
  fileprivate mutating func symbol(_ instrument: SimulatedInstrument) {
    literal(",\"s\":\"")
    text(instrument.symbol)
    literal("\"")
  }

  fileprivate mutating func priceAndQuantity(_ price: Int, _ quantity: Int, _ format: DecimalFormat) {
    literal(",\"p\":")
    quotedPrice(price, format)
    literal(",\"q\":")
    quotedQuantity(quantity, format)
  }

  fileprivate mutating func makerFlag(_ buyerIsMaker: Bool, _ market: SimulatedMarket) {
    literal(buyerIsMaker ? ",\"m\":true" : ",\"m\":false")
    literal(market == .spot ? ",\"M\":true}" : "}")
  }

  fileprivate mutating func levels(_ levels: some Sequence<PriceLevel>, _ format: DecimalFormat) {
    literal("[")
    var first = true
    for level in levels {
      if first { literal("[") } else { literal(",[") }
      first = false
      quotedPrice(level.price, format)
      literal(",")
      quotedQuantity(level.quantity, format)
      literal("]")
    }
    literal("]")
  }
}
