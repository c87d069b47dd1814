import MarketData

extension BinanceFrameDecoder {
  /// Turns the fields read into an event of the domain.
  @inline(__always)
  func finish(_ event: borrowing BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) -> FrameKind {
    switch event.name {
    case .depthUpdate: try appendDepth(event, &batch)
    case .trade: try appendTrade(event, &batch)
    case .bookTicker: try appendQuote(event, &batch)
    case .none:
      // Spot's bookTicker is the one event without a name.
      try appendQuote(event, &batch)
      return .market(BinanceEventName.bookTicker.rawValue)
    case .serverShutdown: return .shutdownNotice
    default: break
    }
    return .market(event.name.rawValue)
  }

  private func appendDepth(_ event: borrowing BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    let fields = event.fields
    guard fields.has(.symbol) else { throw event.absent("s") }
    guard fields.has(.firstUpdateID) else { throw event.absent("U") }
    guard fields.has(.lastUpdateID) else { throw event.absent("u") }
    guard fields.has(.bids) else {
      throw fields.has(.bidPrice) ? DecodeFailure(.wrongType, field: "b") : event.absent("b")
    }
    guard fields.has(.asks) else {
      throw fields.has(.askPrice) ? DecodeFailure(.wrongType, field: "a") : event.absent("a")
    }
    guard event.firstUpdateID <= event.lastUpdateID else { throw DecodeFailure(.numberOutOfRange, field: "U") }
    let namesPrevious = fields.has(.previousUpdateID)
    if market != .spot, !namesPrevious { throw event.absent("pu") }
    batch.append(
      .depth(
        DepthHeader(
          firstUpdateID: event.firstUpdateID, lastUpdateID: event.lastUpdateID,
          previousUpdateID: namesPrevious ? event.previousUpdateID : nil, eventTimeMS: event.time, bids: event.bids,
          asks: event.asks)), instrument: event.symbol)
  }

  private func appendTrade(_ event: borrowing BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    let fields = event.fields
    guard fields.has(.symbol) else { throw event.absent("s") }
    guard fields.has(.price) else { throw event.absent("p") }
    guard fields.has(.quantity) else { throw event.absent("q") }
    guard fields.has(.tradeID) else { throw event.absent("t") }
    guard let time = event.time else { throw event.absent("T") }
    // Fills of the insurance fund and of auto-deleveraging are no trades of the market.
    guard event.isMarketFill else { return }
    guard fields.has(.buyerIsMaker) else { throw event.absent("m") }
    guard event.price.mantissa > 0 else { throw DecodeFailure(.numberOutOfRange, field: "p") }
    guard event.quantity.mantissa > 0 else { throw DecodeFailure(.numberOutOfRange, field: "q") }
    batch.append(
      .trade(
        Trade(
          price: event.price, quantity: event.quantity, side: event.buyerIsMaker ? .sell : .buy,
          tradeID: event.tradeID, eventTimeMS: time)), instrument: event.symbol)
  }

  private func appendQuote(_ event: borrowing BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    let fields = event.fields
    guard fields.has(.lastUpdateID) else {
      // Neither a name nor what an unnamed event has: not a message we know.
      throw event.name == .none ? DecodeFailure(.unknownEvent, field: "e") : event.absent("u")
    }
    guard fields.has(.symbol) else { throw event.absent("s") }
    guard fields.has(.bidPrice) else {
      throw fields.has(.bids) ? DecodeFailure(.wrongType, field: "b") : event.absent("b")
    }
    guard fields.has(.askPrice) else {
      throw fields.has(.asks) ? DecodeFailure(.wrongType, field: "a") : event.absent("a")
    }
    guard fields.has(.bidQuantity) else { throw event.absent("B") }
    guard fields.has(.askQuantity) else { throw event.absent("A") }
    // An empty side is written as zero.
    guard event.bidPrice.mantissa >= 0, event.bidQuantity.mantissa >= 0 else {
      throw DecodeFailure(.numberOutOfRange, field: "b")
    }
    guard event.askPrice.mantissa >= 0, event.askQuantity.mantissa >= 0 else {
      throw DecodeFailure(.numberOutOfRange, field: "a")
    }
    batch.append(
      .quote(
        BestQuote(
          bidPrice: event.bidPrice, bidQuantity: event.bidQuantity, askPrice: event.askPrice,
          askQuantity: event.askQuantity, updateID: event.lastUpdateID, eventTimeMS: event.time)),
      instrument: event.symbol)
  }
}
