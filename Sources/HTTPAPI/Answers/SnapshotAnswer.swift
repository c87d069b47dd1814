import AdminProtocol
import Agent
import MarketData

/// `/api/v1/snapshot/{exchange}/{symbol}` and `…/cached`.
enum SnapshotAnswer {
  /// Levels a side unless the query says otherwise: what exchanges give at the lowest price in request weight.
  static let usualDepth = 100

  /// Fetched from the exchange now.
  static func fresh(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let market = try call.market()
    let depth = try call.depth(usual: usualDepth)
    guard context.freshSnapshots.enter() else {
      throw ProtocolError(
        .tooManyRequests, "too many snapshots are being fetched; try again, or read \(call.symbol)/cached")
    }
    defer { context.freshSnapshots.leave() }
    let view = try await context.service.freshSnapshot(
      exchange: call.exchange, market: market, symbol: call.symbol, depth: depth)
    return Answer(json(view, source: "exchange", depth: depth))
  }

  /// The collector's own book; 503 while it is not synchronised.
  static func cached(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let depth = try call.depth(usual: usualDepth)
    let view = try await context.service.cachedBook(
      exchange: call.exchange, market: try call.market(), symbol: call.symbol, depth: depth)
    guard view.isSynchronised else { throw BookJSON.notSynchronised(view) }
    return Answer(json(view, source: "book", depth: depth))
  }

  private static func json(_ view: BookView, source: String, depth: Int) -> JSONValue {
    [
      "exchange": .string(view.instrument.exchange), "market_type": .string(view.instrument.market.rawValue),
      "symbol": .string(view.instrument.symbol), "instrument_id": .string(view.instrument.venueSymbol),
      "source": .string(source), "timestamp": JSONValue(BookJSON.time(view)),
      "received_at": JSONValue(view.receivedAt), "age_ms": .int(view.ageMS),
      "synchronised": .bool(view.isSynchronised), "sequence": .int(view.lastUpdateID),
      "last_update_id": .int(view.lastUpdateID), "bid_levels": JSONValue(view.bidLevels),
      "ask_levels": JSONValue(view.askLevels), "bids": BookJSON.pairs(Array(view.bids.prefix(depth))),
      "asks": BookJSON.pairs(Array(view.asks.prefix(depth))),
    ]
  }
}
