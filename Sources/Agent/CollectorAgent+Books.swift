import AdminProtocol
import Feeds
import MarketData
import Venues

extension CollectorAgent {
  /// The agent's own book of an instrument.
  public func cachedBook(
    exchange: String, market: MarketType?, symbol: String, depth: Int?
  ) async throws(ProtocolError) -> BookView {
    let (feed, instrument) = try await find(exchange: exchange, market: market, symbol: symbol)
    guard let view = await feed.book(of: instrument, depth: depth) else {
      throw ProtocolError(
        .notReady, "no order book of \(instrument.symbol) is kept on \(feed.configuration.name)")
    }
    return view
  }

  /// A snapshot fetched from the exchange now.
  public func freshSnapshot(
    exchange: String, market: MarketType?, symbol: String, depth: Int?
  ) async throws(ProtocolError) -> BookView {
    let (feed, instrument) = try await find(exchange: exchange, market: market, symbol: symbol)
    do throws(SnapshotError) {
      return try await feed.freshSnapshot(of: instrument, depth: depth ?? feed.configuration.snapshotDepth)
    } catch {
      throw Self.protocolError(error, exchange: exchange)
    }
  }

  private static func protocolError(_ error: SnapshotError, exchange: String) -> ProtocolError {
    switch error {
    case .budget(let delay):
      ProtocolError(
        .notReady, "the request budget of \(exchange) is spent; try again in \(delay.text)")
    case .timeout: ProtocolError(.timeout, "\(exchange) did not answer in time")
    case .unreachable(let text): ProtocolError(.notReady, "\(exchange) cannot be reached: \(text)")
    case .refused(let status):
      ProtocolError(.notReady, "\(exchange) refused with HTTP status \(status)")
    case .undecodable: ProtocolError(.notReady, "\(exchange) answered with something that is no snapshot")
    }
  }

  /// The feed that follows an instrument.
  func find(
    exchange: String, market: MarketType?, symbol: String
  ) async throws(ProtocolError) -> (feed: Feed, instrument: Instrument) {
    let ofExchange = feeds.filter { $0.configuration.venue.name == exchange || $0.configuration.name == exchange }
    guard !ofExchange.isEmpty else {
      throw ProtocolError(
        .unknownExchange,
        Self.unknown("exchange", exchange, among: feeds.map(\.configuration.venue.name)))
    }
    let candidates = ofExchange.filter { market == nil || $0.configuration.wish.market == market }
    var found: [(feed: Feed, instrument: Instrument)] = []
    var known: [String] = []
    for feed in candidates {
      let instruments = await feed.reports().flatMap(\.instruments)
      known += instruments.map(\.venueSymbol)
      guard let wanted = feed.configuration.venue.instrument(symbol, market: feed.configuration.wish.market) else {
        continue
      }
      if instruments.contains(wanted) { found.append((feed, wanted)) }
    }
    guard let first = found.first else {
      let place = market.map { "\(exchange) \($0.rawValue)" } ?? exchange
      throw ProtocolError(
        .unknownSymbol, Self.unknown("symbol", symbol, among: known) + " (on \(place))")
    }
    guard found.count == 1 else {
      let markets = found.map(\.feed.configuration.wish.market.rawValue).joined(separator: ", ")
      throw ProtocolError(.badArgument, "\(symbol) is followed on several markets (\(markets)); name one")
    }
    return first
  }

  static func unknown(_ what: String, _ word: String, among known: [String]) -> String {
    let names = known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if let near = Suggestion.nearest(to: word, among: names) {
      return "unknown \(what) \"\(word)\"; did you mean \"\(near)\"?"
    }
    return "unknown \(what) \"\(word)\"; known: \(names.prefix(16).joined(separator: ", "))"
  }
}
