/// The kinds of market data, named as in subjects and in `data_types` of the configuration.
public enum DataType: String, Sendable, CaseIterable {
  /// Single trades.
  case trade
  /// Order book snapshots and deltas.
  case orderbook
  /// Best bid and ask, and the 24 h figures where an exchange gives them.
  case ticker
  /// Candles.
  case kline
  /// Funding rates of perpetual contracts.
  case fundingRate = "funding_rate"
  /// Open interest.
  case openInterest = "open_interest"
  /// Forced closings.
  case liquidation
  /// Mark and index price.
  case markPrice = "mark_price"
  /// Volatility indices.
  case volatilityIndex = "volatility_index"
  /// Long/short ratio of the top traders' positions.
  case longShortRatioTopPosition = "lsr_top_position"
  /// Long/short ratio of all accounts.
  case longShortRatioAllAccount = "lsr_all_account"

  /// The place of this type in ``allCases``, for tables indexed by type.
  public var index: Int {
    switch self {
    case .trade: 0
    case .orderbook: 1
    case .ticker: 2
    case .kline: 3
    case .fundingRate: 4
    case .openInterest: 5
    case .liquidation: 6
    case .markPrice: 7
    case .volatilityIndex: 8
    case .longShortRatioTopPosition: 9
    case .longShortRatioAllAccount: 10
    }
  }
}

/// The kinds of market an exchange runs, named as in subjects.
public enum MarketType: String, Sendable, CaseIterable {
  /// Spot.
  case spot
  /// Perpetual swaps.
  case perpetual
  /// Dated futures.
  case futures
  /// Options.
  case options
}
