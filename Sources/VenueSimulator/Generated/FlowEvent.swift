/// What an order of the generated flow did to the market, in the order it happened.
package enum FlowEvent: Sendable, Equatable {
  case level(LevelChange)
  case best(BestQuote)
  case trade(SimulatedTrade)
  case aggregate(AggregateTrade)
}

/// The new quantity at a price; zero removed the level.
package struct LevelChange: Sendable, Equatable {
  package let updateID: Int
  package let side: Side
  package let price: Int
  package let quantity: Int
}

/// The best bid and ask after the update `updateID`.
package struct BestQuote: Sendable, Equatable {
  package let updateID: Int
  package let bid: PriceLevel
  package let ask: PriceLevel
}

/// One fill.
package struct SimulatedTrade: Sendable, Equatable {
  package let id: Int
  package let price: Int
  package let quantity: Int
  /// True when the resting order was the buyer's: the taker sold.
  package let buyerIsMaker: Bool
}

/// The fills of one taker order at one price.
package struct AggregateTrade: Sendable, Equatable {
  package let id: Int
  package let firstTradeID: Int
  package let lastTradeID: Int
  package let price: Int
  package let quantity: Int
  package let buyerIsMaker: Bool
}
