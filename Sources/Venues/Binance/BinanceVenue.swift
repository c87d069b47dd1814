import MarketData

/// Binance spot and USD-M perpetuals.
///
/// Sources: Binance's documents for spot and USD-M market streams; limits as they stood in 2026.
public struct BinanceVenue: Venue {
  /// Streams one connection may carry (Binance: 1,024); fewer, so that a lost connection takes less with it.
  static let streamsPerConnection = 200
  /// Depth limits that the REST interface takes, with their weight on spot and on USD-M.
  static let depthLimits: [(limit: Int, spotWeight: Int, perpetualWeight: Int)] = [
    (5, 5, 2), (10, 5, 2), (20, 5, 2), (50, 5, 2), (100, 5, 5), (500, 25, 10), (1000, 50, 20), (5000, 250, 20),
  ]

  /// Creates the venue.
  public init() {}

  /// `binance`.
  public var name: String { "binance" }

  /// Spot and perpetual: trades, order books and best prices.
  public var markets: [(market: MarketType, dataTypes: [DataType])] {
    [(.spot, [.trade, .orderbook, .ticker]), (.perpetual, [.trade, .orderbook, .ticker])]
  }

  /// 6,000 a minute on spot, 2,400 on USD-M.
  public func weightLimit(market: MarketType) -> Int { market == .spot ? 6000 : 2400 }

  /// Public addresses.
  public func endpoints(market: MarketType) -> VenueEndpoints {
    market == .spot
      ? VenueEndpoints(webSocket: "wss://stream.binance.com:9443", rest: "https://api.binance.com")
      : VenueEndpoints(webSocket: "wss://fstream.binance.com", rest: "https://fapi.binance.com")
  }

  /// `BTCUSDT` and `BTC-USDT` alike.
  public func instrument(_ symbol: String, market: MarketType) -> Instrument? {
    BinanceSymbols.instrument(symbol, market: market)
  }

  /// As many as have 200 streams together.
  public func instrumentsPerConnection(_ wish: SubscriptionWish) -> Int {
    guard let streams = wish.instruments.first.map({ streams(of: $0, in: wish).count }), streams > 0 else { return 0 }
    return max(1, Self.streamsPerConnection / streams)
  }

  /// Combined streams; on USD-M depth, bookTicker and trade are served below `/public`.
  public func connection(_ wish: SubscriptionWish) -> ConnectionPlan {
    let streams = wish.instruments.flatMap { self.streams(of: $0, in: wish) }
    return ConnectionPlan(
      path: wish.market == .spot ? "stream" : "public/stream", query: "streams=\(streams.joined(separator: "/"))",
      streams: streams)
  }

  /// `btcusdt@trade`, `btcusdt@depth@100ms`, `btcusdt@bookTicker`, as far as they are wished for.
  public func streams(of instrument: Instrument, in wish: SubscriptionWish) -> [String] {
    // USD-M's changes at once by default, spot's at its fastest, 100 ms.
    let speed = wish.depthSpeed ?? (wish.market == .spot ? "100ms" : "0ms")
    let symbol = instrument.venueSymbol.lowercased()
    return wish.dataTypes.compactMap { type in
      switch type {
      case .trade: "\(symbol)@trade"
      case .orderbook: "\(symbol)@depth@\(speed)"
      case .ticker: "\(symbol)@bookTicker"
      default: nil
      }
    }
  }

  /// `{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}`.
  public func subscription(_ change: SubscriptionChange, streams: [String], id: Int64) -> String {
    let method = change == .subscribe ? "SUBSCRIBE" : "UNSUBSCRIBE"
    let list = streams.map { "\"\($0)\"" }.joined(separator: ",")
    return "{\"method\":\"\(method)\",\"params\":[\(list)],\"id\":\(id)}"
  }

  /// A decoder for one connection.
  public func decoder(market: MarketType, instruments: [Instrument], learnsSymbols: Bool) -> FrameDecoder {
    BinanceFrameDecoder(market: market, instruments: instruments, learnsSymbols: learnsSymbols)
  }

  /// Spot counts on, USD-M names the id before.
  public func sequenceRule(market: MarketType) -> SequenceRule {
    market == .spot ? .firstFollowsLast : .namesPrevious
  }

  /// `/api/v3/depth` or `/fapi/v1/depth` with the smallest limit that is enough.
  public func snapshotRequest(_ instrument: Instrument, depth: Int) -> SnapshotRequest {
    let isSpot = instrument.market == .spot
    let limits = isSpot ? Self.depthLimits : Self.depthLimits.filter { $0.limit <= 1000 }
    let row = limits.first { $0.limit >= depth } ?? limits[limits.count - 1]
    return SnapshotRequest(
      target: "\(isSpot ? "/api/v3/depth" : "/fapi/v1/depth")?symbol=\(instrument.venueSymbol)&limit=\(row.limit)",
      limit: row.limit, weight: isSpot ? row.spotWeight : row.perpetualWeight)
  }

  /// The query item `symbol` of `…/depth?symbol=BTCUSDT&limit=1000`.
  public func symbol(inSnapshotURL url: String) -> String? {
    guard url.contains("/depth?"), let query = url.split(separator: "?", maxSplits: 1).last else { return nil }
    return query.split(separator: "&").first { $0.hasPrefix("symbol=") }.map { String($0.dropFirst(7)) }
  }
}
