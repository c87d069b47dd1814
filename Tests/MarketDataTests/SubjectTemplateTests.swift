import MarketData
import Testing

@Suite("Subject templates")
struct SubjectTemplateTests {
  private let bitcoin = Instrument(
    exchange: "binance", market: .perpetual, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")

  @Test("the presets are found by name")
  func presets() throws {
    #expect(SubjectTemplate("current") == .current)
    #expect(SubjectTemplate("legacy") == .legacy)
    #expect(SubjectTemplate.current.subject(for: .trade, of: bitcoin) == "trade.binance.perpetual.BTC-USDT")
    #expect(SubjectTemplate.legacy.subject(for: .orderbook, of: bitcoin) == "market.binance.btc-usdt.orderbook")
  }

  @Test("a template puts each value where its placeholder stands, as often as it stands there")
  func templates() throws {
    let template = try #require(SubjectTemplate("md.{symbol}.{type}-{market_type}.{symbol}"))
    #expect(template.subject(for: .fundingRate, of: bitcoin) == "md.BTC-USDT.funding_rate-perpetual.BTC-USDT")
    #expect(
      SubjectTemplate("{type}.{exchange}.{market_type}.{symbol}")?.subject(for: .ticker, of: bitcoin)
        == "ticker.binance.perpetual.BTC-USDT")
  }

  @Test(
    "what would give no subject, or one for different events, is refused",
    arguments: [
      "", "x", "{type}", "{symbol}", "{type}..{symbol}", ".{type}.{symbol}", "{type}.{symbol}.", "{type} .{symbol}",
      "{type}.*.{symbol}", "{type}.{symbol}.>", "{type}.{symbol}.{day}", "{type}.{symbol", "{type}.symbol}",
      "{type}.{symbol}.{}", "{TYPE}.{symbol}", "{type}.{symbol}.\u{7}", "{type}.{symbol}.ü", "Current",
    ])
  func refusals(text: String) {
    #expect(SubjectTemplate(text) == nil)
  }

  @Test("characters with a meaning in subjects become underscores, and nothing becomes one too")
  func hostileValues() {
    let hostile = Instrument(exchange: "a.b *>\u{7F}", market: .spot, symbol: "X\nY", venueSymbol: "")
    #expect(SubjectTemplate.current.subject(for: .trade, of: hostile) == "trade.a_b____.spot.X_Y")
    let empty = Instrument(exchange: "", market: .spot, symbol: "", venueSymbol: "")
    #expect(SubjectTemplate.current.subject(for: .trade, of: empty) == "trade._.spot._")
  }
}
