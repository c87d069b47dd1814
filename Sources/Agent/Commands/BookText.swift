import AdminProtocol
import Feeds
import MarketData

/// Books as lines and as JSON.
enum BookText {
  static func line(_ book: BookReport) -> String {
    let top = "\(book.bestBid.map { "\($0.price)" } ?? "-")/\(book.bestAsk.map { "\($0.price)" } ?? "-")"
    return "\(book.instrument.exchange) \(book.instrument.market.rawValue) \(book.instrument.symbol) "
      + (book.reason.map { "unsynchronised reason=\"\($0)\"" }
        ?? "synchronised top=\(top) levels=\(book.bidLevels)/\(book.askLevels)")
      + " gaps=\(book.statistics.gaps) resyncs=\(book.statistics.resynchronisations)"
  }

  static func json(_ book: BookReport) -> JSONValue {
    [
      "exchange": .string(book.instrument.exchange), "market_type": .string(book.instrument.market.rawValue),
      "symbol": .string(book.instrument.symbol), "synchronised": .bool(book.isSynchronised),
      "reason": book.reason.map(JSONValue.string) ?? .null, "sequence": .int(book.lastUpdateID),
      "best_bid": book.bestBid.map { .string($0.price.description) } ?? .null,
      "best_ask": book.bestAsk.map { .string($0.price.description) } ?? .null,
      "bid_levels": .int(Int64(book.bidLevels)), "ask_levels": .int(Int64(book.askLevels)),
      "lag_ms": book.lagMS.map { .int($0) } ?? .null, "gaps": .int(Int64(book.statistics.gaps)),
      "resynchronisations": .int(Int64(book.statistics.resynchronisations)),
      "refreshes": .int(Int64(book.statistics.refreshes)),
      "checkpoints_matched": .int(Int64(book.statistics.checkpointsMatched)),
      "checkpoints_mismatched": .int(Int64(book.statistics.checkpointsMismatched)),
    ]
  }
}
