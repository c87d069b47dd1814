import MarketData
import Testing
import Venues

/// Keys and numbers are read eight bytes at a time; what does not fit that must come out as if read byte by byte.
@Suite("Reading a frame by words")
struct BinanceWordReadingTests {
  private let decoder = BinanceFrameDecoder(
    market: .perpetual,
    instruments: [Instrument(exchange: "binance", market: .perpetual, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")])

  private func decode(_ frame: String) throws(DecodeFailure) -> [MarketEvent] {
    var batch = EventBatch()
    let bytes = Array(frame.utf8)
    // A span of exactly the frame's bytes: reading behind them would be found by a sanitiser.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    _ = try decoder.decode(UnsafeRawBufferPointer(copy), into: &batch)
    return batch.entries.map(\.event)
  }

  private func trade(price: String) -> String {
    #"{"e":"trade","E":17,"T":16,"s":"BTCUSDT","t":5,"p":"# + "\"\(price)\"" + #","q":"1","X":"MARKET","m":true}"#
  }

  @Test("a quote is no letter of a key", arguments: [#"{"e":"trade","":5}"#, #"{"e":"trade",""":5}"#, #"{"\":5}"#])
  func quoteAsKey(frame: String) {
    #expect(throws: DecodeFailure.self) { try decode(frame) }
  }

  @Test(
    "a price keeps its digits, however many stand before and behind the point",
    arguments: [
      "1", "12345678", "123456789", "0.1", "0.00012000", "1234567.12345678", "12345678.12345678", "1.123456789",
      "123456789012345678", "61659.70", "0000000001.5",
    ])
  func prices(text: String) throws {
    let events = try decode(trade(price: text))
    let expected = try #require(FixedDecimal(text))
    guard case .trade(let trade) = try #require(events.first) else {
      Issue.record("no trade")
      return
    }
    #expect(trade.price == expected)
    #expect(trade.price.scale == expected.scale)
  }

  @Test(
    "what is no plain decimal is refused", arguments: ["", ".", "1.", ".5", "1.2.3", "1e5", "0x10", "1,5", "12345678x"])
  func malformedPrices(text: String) {
    #expect(throws: DecodeFailure(.malformedNumber, field: "p")) { try decode(trade(price: text)) }
  }
}
