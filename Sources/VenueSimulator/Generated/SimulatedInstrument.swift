/// A symbol of the generated market: how it is printed, where it starts, how busy it is.
package struct SimulatedInstrument: Sendable {
  package let market: SimulatedMarket
  package let symbol: String
  package let format: DecimalFormat
  /// The price step in units of the price scale (USD-M BTCUSDT prints cents but moves by ten of them).
  package let tick: Int
  /// The price the walk starts from, in units of the price scale.
  package let startPrice: Int
  /// Lots of an ordinary large order are below 2 to this power.
  package let lotBits: Int
  /// Share of the order flow, relative to the other symbols.
  package let weight: Int
  package let firstUpdateID: Int
  package let firstTradeID: Int

  /// The lower-case symbol that stream names use.
  package var streamSymbol: String { symbol.lowercased() }

  private static let eightDigits = 8

  /// Every symbol the simulator generates.
  package static let all: [SimulatedInstrument] = [
    spot("BTCUSDT", price: 6_183_763, quantityScale: 5, lotBits: 17, weight: 4, ids: (50_093_239_188, 3_735_683_259)),
    spot("ETHUSDT", price: 268_742, quantityScale: 4, lotBits: 17, weight: 2, ids: (31_200_114_077, 1_542_877_310)),
    spot("SOLUSDT", price: 16_215, quantityScale: 3, lotBits: 17, weight: 1, ids: (14_870_220_451, 702_114_932)),
    usdm("BTCUSDT", price: 6_180_020, tick: 10, weight: 4, ids: (5_123_107_832_006, 5_266_583_935)),
    usdm("ETHUSDT", price: 268_660, tick: 1, weight: 2, ids: (5_123_107_101_337, 4_180_226_411)),
  ]

  private static func spot(
    _ symbol: String, price: Int, quantityScale: Int, lotBits: Int, weight: Int, ids: (update: Int, trade: Int)
  ) -> SimulatedInstrument {
    SimulatedInstrument(
      market: .spot, symbol: symbol,
      format: DecimalFormat(
        priceScale: 2, priceDigits: eightDigits, quantityScale: quantityScale, quantityDigits: eightDigits),
      tick: 1, startPrice: price, lotBits: lotBits, weight: weight, firstUpdateID: ids.update, firstTradeID: ids.trade)
  }

  private static func usdm(
    _ symbol: String, price: Int, tick: Int, weight: Int, ids: (update: Int, trade: Int)
  ) -> SimulatedInstrument {
    SimulatedInstrument(
      market: .usdm, symbol: symbol,
      format: DecimalFormat(priceScale: 2, priceDigits: 2, quantityScale: 3, quantityDigits: 3),
      tick: tick, startPrice: price, lotBits: 13, weight: weight, firstUpdateID: ids.update, firstTradeID: ids.trade)
  }
}
