import AdminProtocol
import Agent
import MarketData

/// `/api/v1/orderbook/{exchange}/{symbol}` in its three formats.
enum OrderBookAnswer {
  /// Levels a side unless the query says otherwise.
  static let usualDepth = 20

  /// The collector's own book. Only `enhanced` has a place to say that a book is not synchronised; the other formats
  /// answer 503 then, so that nobody takes such a book for a good one.
  static func orderBook(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let format = try call.format()
    let depth = try call.depth(usual: usualDepth)
    var view = try await context.service.cachedBook(
      exchange: call.exchange, market: try call.market(), symbol: call.symbol, depth: depth)
    view.bids = Array(view.bids.prefix(depth))
    view.asks = Array(view.asks.prefix(depth))
    guard view.isSynchronised || format == .enhanced else { throw BookJSON.notSynchronised(view) }
    return Answer(.object(format == .simple ? simple(view) : format == .legacy ? legacy(view) : enhanced(view)))
  }

  private static func simple(_ view: BookView) -> [(String, JSONValue)] {
    [
      ("exchange", .string(view.instrument.exchange)), ("market_type", .string(view.instrument.market.rawValue)),
      ("symbol", .string(view.instrument.symbol)), ("last_update_id", .int(view.lastUpdateID)),
      ("timestamp", JSONValue(BookJSON.time(view))), ("bids", BookJSON.pairs(view.bids)),
      ("asks", BookJSON.pairs(view.asks)),
    ]
  }

  private static func legacy(_ view: BookView) -> [(String, JSONValue)] {
    [
      ("exchange_name", .string(view.instrument.exchange)), ("symbol_name", .string(view.instrument.symbol)),
      ("market_type", .string(view.instrument.market.rawValue)), ("last_update_id", .int(view.lastUpdateID)),
      ("timestamp", JSONValue(BookJSON.time(view))), ("collected_at", JSONValue(view.receivedAt)),
      ("bids", BookJSON.objects(view.bids)), ("asks", BookJSON.objects(view.asks)),
    ]
  }

  private static func enhanced(_ view: BookView) -> [(String, JSONValue)] {
    legacy(view) + [
      ("update_type", "snapshot"), ("depth_levels", JSONValue(max(view.bids.count, view.asks.count))),
      ("is_valid", .bool(isValid(view))), ("is_synced", .bool(view.isSynchronised)),
      (
        "sync_status",
        [
          "synchronised": .bool(view.isSynchronised), "reason": JSONValue(view.reason),
          "sequence": .int(view.lastUpdateID), "age_ms": .int(view.ageMS), "gaps": JSONValue(view.gaps),
          "resynchronisations": JSONValue(view.resynchronisations), "bid_levels": JSONValue(view.bidLevels),
          "ask_levels": JSONValue(view.askLevels),
        ]
      ),
    ]
  }

  /// Synchronised, and the best bid below the best ask.
  private static func isValid(_ view: BookView) -> Bool {
    guard let bid = view.bids.first, let ask = view.asks.first else { return false }
    return view.isSynchronised && bid.price < ask.price
  }
}
