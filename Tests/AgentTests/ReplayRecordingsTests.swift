import Agent
import MarketData
import TestSupport
import Testing
import Venues

/// The four Binance recordings. The numbers of messages and the final books were computed apart from this code, by a
/// dictionary a side; checkpoints of the 2024 files are those that their description states.
///
/// Skipped, loudly, where the recordings are not at hand: they are no part of this repository.
@Suite("Replay of real traffic", .enabled(if: Captures.areHere, "no ../shared/captures here"))
struct ReplayRecordingsTests {
  private static func replay(_ name: String, _ market: MarketType) throws -> ReplaySummary {
    let path = try #require(Captures.path(name))
    return try Replay(venue: BinanceVenue(), market: market).run(path: path)
  }

  /// One line a symbol: best bid, best ask, levels of both sides.
  private static func books(_ summary: ReplaySummary) -> [String] {
    summary.symbols.map { row in
      func text(_ level: BookLevel?) -> String { level.map { "\($0.price)x\($0.quantity)" } ?? "none" }
      return "\(row.symbol) \(text(row.bid)) \(text(row.ask)) \(row.bidLevels) \(row.askLevels)"
    }
  }

  private static func counts(_ summary: ReplaySummary) -> [String] { summary.messages.map { "\($0.name) \($0.count)" } }

  private static func expectClean(_ summary: ReplaySummary) {
    #expect(summary.gaps == 0)
    #expect(summary.resynchronisations == 0)
    #expect(summary.decodeFailures.isEmpty)
    #expect(summary.checkpointsMismatched == 0)
    #expect(summary.unusedSnapshots == 0)
    #expect(!summary.isTruncated)
  }

  @Test("USD-M, August 2024: 629 checkpoints, and the stated book at the end")
  func perpetual2024() throws {
    let summary = try Self.replay("binance-usdm-btcusdt-20240808.gz", .perpetual)
    Self.expectClean(summary)
    #expect(summary.checkpointsMatched == 629)
    #expect(Self.counts(summary) == ["orderbook 6551", "ticker 66089", "trade 21313", "snapshot 1"])
    #expect(Self.books(summary) == ["BTCUSDT 61659.70x1.486 61659.80x0.981 5018 4578"])
  }

  @Test("spot, August 2024: 564 checkpoints, and the book at the end")
  func spot2024() throws {
    let summary = try Self.replay("binance-spot-btcusdt-20240808.gz", .spot)
    Self.expectClean(summary)
    #expect(summary.checkpointsMatched == 564)
    #expect(Self.counts(summary) == ["orderbook 3451", "ticker 28040", "trade 9757", "snapshot 1"])
    #expect(Self.books(summary) == ["BTCUSDT 61685.99000000x1.00870000 61686.00000000x2.29327000 1209 2196"])
  }

  @Test("USD-M, July 2021: four symbols, snapshots as GET lines")
  func perpetual2021() throws {
    let summary = try Self.replay("binance-usdm-20210722.gz", .perpetual)
    Self.expectClean(summary)
    #expect(
      Self.counts(summary).sorted() == ["aggTrade 91", "kline 67", "orderbook 764", "snapshot 4", "ticker 613"])
    #expect(
      Self.books(summary).sorted() == [
        "AKROUSDT 0.01734x502 0.01735x50697 613 761", "CTKUSDT 1.01100x1698 1.01200x10123 486 742",
        "KEEPUSDT 0.2463x249 0.2467x9047 401 614", "SUSHIUSDT 7.6120x303 7.6160x267 1006 1000",
      ])
  }

  @Test("spot, October 2021: four symbols, snapshots as GET lines")
  func spot2021() throws {
    let summary = try Self.replay("binance-spot-20211025.gz", .spot)
    Self.expectClean(summary)
    #expect(Self.counts(summary).sorted() == ["aggTrade 2", "kline 2", "orderbook 177", "snapshot 4", "ticker 84"])
    #expect(
      Self.books(summary).sorted() == [
        "BLZETH 0.00006547x100.00000000 0.00006560x1528.00000000 173 999",
        "LRCBTC 0.00000637x2500.00000000 0.00000638x2285.00000000 176 1000",
        "NKNUSDT 0.35270000x9602.00000000 0.35310000x152.00000000 614 994",
        "RUNEEUR 6.25100000x69.30000000 6.26900000x69.30000000 222 468",
      ])
  }
}
