import MarketData
import Testing

@testable import Agent

@Suite("What a feed must do after a reload")
struct FeedExpectationTests {
  private let btc = Instrument(exchange: "binance", market: .spot, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")
  private let gone = Instrument(exchange: "binance", market: .spot, symbol: "GONE-USDT", venueSymbol: "GONEUSDT")

  private func standing(refused: [Instrument: String] = [:], books: [Instrument: String?] = [:]) -> FeedStanding {
    FeedStanding(isConnected: true, lastDisconnect: nil, books: books, refusals: refused)
  }

  @Test("a symbol that the exchange refused before does not stand in the way of another change")
  func refusedBefore() {
    let before = standing(refused: [gone: "status 400"], books: [btc: nil, gone: "waiting for a snapshot"])
    let expectation = FeedExpectation(before: before, followed: [btc, gone], keepsBooks: true, isPaused: false)
    #expect(expectation.shortfalls(of: before) == [])
    #expect(!expectation.isHopeless(before))
  }

  @Test("a symbol that is refused now, and was not before, is named and cannot be waited for")
  func refusedNow() {
    let before = standing(books: [btc: nil])
    let expectation = FeedExpectation(before: before, followed: [btc, gone], keepsBooks: true, isPaused: false)
    let after = standing(refused: [gone: "status 400"], books: [btc: nil])
    #expect(expectation.shortfalls(of: after) == ["GONEUSDT: status 400"])
    #expect(expectation.isHopeless(after))
  }

  @Test("nothing is asked of an entry that an operator has paused")
  func paused() {
    let expectation = FeedExpectation(before: nil, followed: [btc], keepsBooks: true, isPaused: true)
    #expect(expectation.shortfalls(of: standing(refused: [btc: "status 400"])) == [])
  }
}
