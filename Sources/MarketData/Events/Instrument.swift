/// Something that is traded on one market of one exchange.
public struct Instrument: Sendable, Hashable {
  /// The exchange, lower case: `binance`.
  public var exchange: String
  /// The market it is traded on.
  public var market: MarketType
  /// The canonical symbol, `BASE-QUOTE` in upper case: `BTC-USDT`.
  public var symbol: String
  /// The exchange's own spelling: `BTCUSDT`.
  public var venueSymbol: String

  /// Creates an instrument.
  public init(exchange: String, market: MarketType, symbol: String, venueSymbol: String) {
    self.exchange = exchange
    self.market = market
    self.symbol = symbol
    self.venueSymbol = venueSymbol
  }
}
