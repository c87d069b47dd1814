/// The side that took liquidity, or the side of an order.
public enum Side: String, Sendable {
  /// Bought.
  case buy
  /// Sold.
  case sell
}

/// One trade.
public struct Trade: Sendable, Equatable {
  /// Price in the quote currency.
  public var price: FixedDecimal
  /// Quantity as the exchange counts it: base currency, or contracts.
  public var quantity: FixedDecimal
  /// The taker's side.
  public var side: Side
  /// The exchange's identity of the trade.
  public var tradeID: Int64
  /// When it happened, in milliseconds since 1970.
  public var eventTimeMS: Int64

  /// Creates a trade.
  public init(price: FixedDecimal, quantity: FixedDecimal, side: Side, tradeID: Int64, eventTimeMS: Int64) {
    self.price = price
    self.quantity = quantity
    self.side = side
    self.tradeID = tradeID
    self.eventTimeMS = eventTimeMS
  }
}

/// The best bid and ask at one state of the exchange's book.
public struct BestQuote: Sendable, Equatable {
  /// Highest bid and its quantity.
  public var bidPrice: FixedDecimal
  /// Quantity at the highest bid.
  public var bidQuantity: FixedDecimal
  /// Lowest ask.
  public var askPrice: FixedDecimal
  /// Quantity at the lowest ask.
  public var askQuantity: FixedDecimal
  /// The exchange's id of the book state it was read from.
  public var updateID: Int64
  /// When, in milliseconds since 1970; nil where the exchange does not say (Binance spot).
  public var eventTimeMS: Int64?

  /// Creates a quote.
  public init(
    bidPrice: FixedDecimal, bidQuantity: FixedDecimal, askPrice: FixedDecimal, askQuantity: FixedDecimal,
    updateID: Int64, eventTimeMS: Int64?
  ) {
    self.bidPrice = bidPrice
    self.bidQuantity = bidQuantity
    self.askPrice = askPrice
    self.askQuantity = askQuantity
    self.updateID = updateID
    self.eventTimeMS = eventTimeMS
  }
}

/// What stands at the head of a change of an order book; its levels are in the batch's level buffer.
public struct DepthHeader: Sendable, Equatable {
  /// First and last id of the changes it holds.
  public var firstUpdateID: Int64
  /// Last id of the changes it holds.
  public var lastUpdateID: Int64
  /// The last id of the message before it, where the exchange says (Binance USD-M `pu`).
  public var previousUpdateID: Int64?
  /// When, in milliseconds since 1970; nil where the exchange does not say.
  public var eventTimeMS: Int64?
  /// Where its bids stand in the level buffer.
  public var bids: Range<Int>
  /// Where its asks stand in the level buffer.
  public var asks: Range<Int>

  /// Creates a header.
  public init(
    firstUpdateID: Int64, lastUpdateID: Int64, previousUpdateID: Int64?, eventTimeMS: Int64?, bids: Range<Int>,
    asks: Range<Int>
  ) {
    self.firstUpdateID = firstUpdateID
    self.lastUpdateID = lastUpdateID
    self.previousUpdateID = previousUpdateID
    self.eventTimeMS = eventTimeMS
    self.bids = bids
    self.asks = asks
  }
}

/// What one message of an exchange says about one instrument; plain bits, so that handing it on costs no reference count.
public enum MarketEvent: Sendable, Equatable {
  /// A trade.
  case trade(Trade)
  /// A best bid and ask.
  case quote(BestQuote)
  /// A change of the order book.
  case depth(DepthHeader)
}
