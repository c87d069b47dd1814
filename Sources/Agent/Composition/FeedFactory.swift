import Feeds
import Logging
import MarketData
import NIOCore
import Settings
import Synchronization
import Venues

/// Makes feeds from exchange entries, and keeps what they share: the REST client and the request budgets.
final class FeedFactory: Sendable {
  private let group: any EventLoopGroup
  private let rest: RESTClient
  private let sink: FeedEnvironment.Sink
  private let observer: FeedEnvironment.Observer
  private let held: HeldFeeds
  private let collector: String
  private let logger: Logger
  /// By REST address and market, which is what a venue counts by.
  private let budgets = Mutex<[String: SharedRequestBudget]>([:])

  init(
    group: any EventLoopGroup, rest: RESTClient, collector: String, held: HeldFeeds, logger: Logger,
    observer: @escaping FeedEnvironment.Observer, sink: @escaping FeedEnvironment.Sink
  ) {
    self.group = group
    self.rest = rest
    self.sink = sink
    self.observer = observer
    self.held = held
    self.collector = collector
    self.logger = logger
  }

  /// The instruments of an entry. Symbols were checked when the settings were read; one that is none is left out.
  static func instruments(of entry: CollectorSettings.Exchange) -> [Instrument] {
    guard let venue = VenueRegistry.venue(named: entry.exchange), let market = MarketType(rawValue: entry.marketType)
    else { return [] }
    return entry.symbols.compactMap { venue.instrument($0, market: market) }
  }

  /// What of an entry can change while its connections stay as they are.
  static func tuning(of entry: CollectorSettings.Exchange) -> FeedTuning {
    FeedTuning(
      session: SessionStateMachine.Configuration(
        staleAfter: entry.staleAfter, maximumAge: .seconds(23 * 3600),
        backoff: Backoff(base: entry.reconnectMinimum, cap: entry.reconnectMaximum)),
      pingInterval: entry.pingInterval, snapshotDepth: entry.depthLimit)
  }

  /// The feed of an entry; nil when the exchange or market is not known or an address is none.
  ///
  /// - Parameter isMuted: whether nothing of it is published until it is told to.
  func feed(for entry: CollectorSettings.Exchange, settings: CollectorSettings, isMuted: Bool = false) -> Feed? {
    guard let venue = VenueRegistry.venue(named: entry.exchange),
      let market = MarketType(rawValue: entry.marketType),
      let subject = SubjectTemplate(settings.nats.subject)
    else { return nil }
    let endpoints = venue.endpoints(market: market)
    guard let webSocketURL = try? WebSocketURL(entry.wsURL ?? endpoints.webSocket) else { return nil }
    var restURL = entry.baseURL ?? endpoints.rest
    while restURL.hasSuffix("/") { restURL.removeLast() }
    var transport = WebSocketOptions()
    transport.maxMessageBytes = entry.maxFrameBytes
    var configuration = FeedConfiguration(
      name: entry.name, venue: venue,
      wish: SubscriptionWish(
        market: market, instruments: Self.instruments(of: entry),
        dataTypes: entry.dataTypes.compactMap(DataType.init(rawValue:)), depthSpeed: entry.depthSpeed),
      webSocketURL: webSocketURL, restURL: restURL, snapshotDepth: entry.depthLimit,
      keepsBooks: settings.collector.enableOrderbookManager && entry.dataTypes.contains(DataType.orderbook.rawValue),
      publishing: .init(subject: subject, collector: collector), transport: transport)
    configuration.tuning = Self.tuning(of: entry)
    let budget = budgets.withLock { budgets in
      let key = "\(restURL) \(market.rawValue)"
      if let budget = budgets[key] { return budget }
      let budget = SharedRequestBudget(limit: venue.weightLimit(market: market))
      budgets[key] = budget
      return budget
    }
    let environment = FeedEnvironment(rest: rest, budget: budget, observer: observer, sink: sink)
    let feed = Feed(
      configuration: configuration, environment: environment, group: group, logger: logger, isMuted: isMuted)
    if held.holds(entry.name) { feed.holdBeforeStart() }
    return feed
  }
}
