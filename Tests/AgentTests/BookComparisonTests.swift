import Agent
import MarketData
import Testing

@Suite("A live book against a snapshot")
struct BookComparisonTests {
  private func level(_ price: String, _ quantity: String) throws -> BookLevel {
    BookLevel(price: try #require(FixedDecimal(price)), quantity: try #require(FixedDecimal(quantity)))
  }

  private func view(_ id: Int64, bids: [(String, String)], asks: [(String, String)] = []) throws -> BookView {
    let instrument = Instrument(exchange: "binance", market: .spot, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")
    let now = Timestamp(nanoseconds: 0)
    return BookView(
      instrument: instrument, isSynchronised: true, reason: nil, lastUpdateID: id, eventTimeMS: nil, receivedAt: now,
      takenAt: now, bids: try bids.map { try level($0.0, $0.1) }, asks: try asks.map { try level($0.0, $0.1) },
      bidLevels: bids.count, askLevels: asks.count, gaps: 0, resynchronisations: 0)
  }

  @Test("equal levels agree, however many zeros they are written with")
  func equal() throws {
    let book = try view(5, bids: [("10.0", "1"), ("9", "2.50")], asks: [("11", "3")])
    let snapshot = try view(5, bids: [("10", "1.0"), ("9.00", "2.5")], asks: [("11.000", "3")])
    let comparison = BookComparison(before: book, after: book, snapshot: snapshot, edges: [])
    #expect(comparison.holds)
    #expect(comparison.agreeing == 3)
    #expect(comparison.differing.isEmpty)
  }

  @Test("a level that changed while the snapshot was taken proves nothing")
  func changing() throws {
    let before = try view(4, bids: [("10", "1"), ("9", "2")])
    let after = try view(6, bids: [("10", "7"), ("9", "2"), ("8", "1")])
    let snapshot = try view(5, bids: [("10", "3"), ("9", "2")])
    let comparison = BookComparison(before: before, after: after, snapshot: snapshot, edges: [])
    #expect(comparison.holds)
    #expect(comparison.changing == 2)
    #expect(comparison.agreeing == 1)
  }

  @Test("a level that stands in both states of the book and not so in the snapshot is a difference, best price first")
  func differing() throws {
    let book = try view(5, bids: [("10", "1"), ("9", "2")], asks: [("11", "1")])
    let snapshot = try view(5, bids: [("10", "4"), ("8", "2")], asks: [("11", "1"), ("12", "1")])
    let comparison = BookComparison(before: book, after: book, snapshot: snapshot, edges: [])
    #expect(!comparison.holds)
    #expect(comparison.differing.map { "\($0.side) \($0.price)" } == ["bid 10", "bid 9", "bid 8", "ask 12"])
    #expect(comparison.differing[1].exchange == nil)
    #expect(comparison.differing[2].book == nil)
  }

  @Test("prices beyond what one of them covers are left out")
  func edges() throws {
    let book = try view(5, bids: [("10", "1"), ("9", "2")], asks: [("11", "1")])
    let snapshot = try view(5, bids: [("10", "1"), ("8", "2")], asks: [("11", "1"), ("13", "1")])
    let edges = [
      BookComparison.Edges(bid: FixedDecimal("8"), ask: FixedDecimal("12")), .init(bid: FixedDecimal("10")),
    ]
    let comparison = BookComparison(before: book, after: book, snapshot: snapshot, edges: edges)
    #expect(comparison.holds)
    #expect(comparison.agreeing == 2)
  }

  @Test("when nothing can be compared, nothing is proved")
  func nothing() throws {
    let empty = try view(5, bids: [])
    #expect(!BookComparison(before: empty, after: empty, snapshot: empty, edges: []).holds)
  }
}
