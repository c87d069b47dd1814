import Feeds
import Logging
import MarketData
import NIOCore
import NIOPosix
import Testing
import VenueSimulator
import Venues

/// A simulated exchange with one feed a market connected to it, all in this process.
final class Rig: Sendable {
  /// What a rig is made of.
  struct Options {
    var simulator = SimulatorConfiguration(eventsPerSecond: 2000)
    var symbols: [MarketType: [String]] = [
      .spot: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], .perpetual: ["BTCUSDT", "ETHUSDT"],
    ]
    var session = SessionStateMachine.Configuration(
      staleAfter: .seconds(30),
      backoff: Backoff(base: .milliseconds(50), cap: .milliseconds(400), minimum: .milliseconds(20)))
    var venue: any Venue = BinanceVenue()
    var weightLimit: Int?
    var recordsEvents = true
    /// Levels of a snapshot. The generated books stay below 1,000 in a test's time.
    var snapshotDepth = 1000
  }

  let simulator: BinanceSimulator
  let endpoints: SimulatorEndpoints
  let rest: RESTClient
  let log: EventLog?
  let feeds: [MarketType: Feed]
  let budgets: [MarketType: SharedRequestBudget]

  private init(_ options: Options) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let simulator = BinanceSimulator(configuration: options.simulator, group: group, logger: .silent)
    let endpoints = try await simulator.start()
    self.simulator = simulator
    self.endpoints = endpoints
    rest = RESTClient(group: group)
    log = options.recordsEvents ? EventLog() : nil
    var feeds: [MarketType: Feed] = [:]
    var budgets: [MarketType: SharedRequestBudget] = [:]
    for (market, symbols) in options.symbols {
      let budget = SharedRequestBudget(limit: options.weightLimit ?? options.venue.weightLimit(market: market))
      budgets[market] = budget
      feeds[market] = try Self.feed(
        market, symbols, options: options, endpoints: endpoints, rest: rest, budget: budget, log: log)
    }
    self.feeds = feeds
    self.budgets = budgets
  }

  /// A feed of the simulator; not started.
  static func feed(
    _ market: MarketType, _ symbols: [String], options: Options, endpoints: SimulatorEndpoints, rest: RESTClient,
    budget: SharedRequestBudget, log: EventLog?, logger: Logger = .silent, isMuted: Bool = false
  ) throws -> Feed {
    let configuration = FeedConfiguration(
      name: "binance-\(market.rawValue)", venue: options.venue,
      wish: SubscriptionWish(
        market: market, instruments: try symbols.map { try instrument($0, market) },
        dataTypes: [.trade, .orderbook, .ticker]),
      webSocketURL: try WebSocketURL(market == .spot ? endpoints.spotWebSocketURL : endpoints.usdmWebSocketURL),
      restURL: market == .spot ? endpoints.spotRESTURL : endpoints.usdmRESTURL,
      snapshotDepth: options.snapshotDepth, keepsBooks: true,
      publishing: .init(subject: .current, collector: "test"),
      session: options.session, snapshotDeadline: .seconds(10))
    return Feed(
      configuration: configuration,
      environment: FeedEnvironment(rest: rest, budget: budget, sink: { events in log?.append(events) }),
      group: MultiThreadedEventLoopGroup.singleton, logger: logger, isMuted: isMuted)
  }

  /// Starts simulator and feeds, runs `body`, and stops everything whatever happens.
  static func run(
    _ options: Options = Options(), starting: Bool = true, _ body: (Rig) async throws -> Void
  ) async throws {
    let rig = try await Rig(options)
    if starting { for feed in rig.feeds.values { feed.start() } }
    do {
      try await body(rig)
    } catch {
      await rig.stop()
      throw error
    }
    await rig.stop()
  }

  private func stop() async {
    for feed in feeds.values { await feed.stop() }
    await rest.shutdown()
    await simulator.stop()
  }

  func feed(_ market: MarketType) throws -> Feed { try #require(feeds[market]) }

  func reports() async -> [SessionReport] {
    var reports: [SessionReport] = []
    for feed in feeds.values { reports += await feed.reports() }
    return reports
  }

  func books() async -> [BookReport] { await reports().flatMap(\.books) }

  /// Whether there are books, as many as said, and all are synchronised.
  func allSynchronised(_ count: Int? = nil) async -> Bool {
    let books = await books()
    return !books.isEmpty && books.count == count ?? books.count && books.allSatisfy(\.isSynchronised)
  }

  func truth(of instrument: Instrument) -> TrueBook? {
    simulator.truth(market: instrument.market == .spot ? .spot : .usdm, symbol: instrument.venueSymbol)
  }

  /// What keeps any book from being synchronised and equal to the truth; nil when all are.
  func difference() async -> String? {
    for (_, feed) in feeds {
      let instruments = await feed.reports().flatMap(\.instruments)
      if instruments.isEmpty { return "\(feed.configuration.name): nothing is followed" }
      for instrument in instruments {
        guard let truth = truth(of: instrument), let view = await feed.book(of: instrument, depth: nil) else {
          return "\(instrument.venueSymbol): no book"
        }
        if let difference = view.difference(from: truth) { return "\(instrument.symbol): \(difference)" }
      }
    }
    return nil
  }

  /// Lifts all faults, lets every book come back, freezes the market and checks every book level for level.
  func settle(seconds: Double = 20) async throws {
    simulator.setFaults([])
    let back = await eventually(seconds: seconds) { await self.allSynchronised() }
    let missing = await books().filter { !$0.isSynchronised }
    #expect(back, "not synchronised: \(missing)")
    simulator.setEventsPerSecond(0)
    let equal = await eventually(seconds: 5) { await self.difference() == nil }
    let difference = await difference()
    #expect(equal, "\(difference ?? "equal now, but too late")")
  }
}

/// The instrument that Binance spells `symbol`.
func instrument(_ symbol: String, _ market: MarketType) throws -> Instrument {
  try #require(BinanceVenue().instrument(symbol, market: market))
}

/// Polls until `condition` holds; false when it does not within `seconds`.
func eventually(
  seconds: Double, every pause: Duration = .milliseconds(10), _ condition: () async -> Bool
) async -> Bool {
  let deadline = ContinuousClock.now + .milliseconds(Int64(seconds * 1000))
  while await !condition() {
    guard ContinuousClock.now < deadline else { return false }
    try? await Task.sleep(for: pause)
  }
  return true
}

extension Logger {
  /// A logger that says nothing.
  static var silent: Logger { Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() } }
}

extension BookView {
  /// What distinguishes this book from the truth, digits included; nil when nothing does.
  func difference(from truth: TrueBook) -> String? {
    guard isSynchronised else { return reason ?? "not synchronised" }
    guard lastUpdateID == Int64(truth.lastUpdateID) else { return "at \(lastUpdateID), truth at \(truth.lastUpdateID)" }
    for (name, mine, theirs) in [("bid", bids, truth.bids), ("ask", asks, truth.asks)] {
      guard mine.count == theirs.count else { return "\(mine.count) \(name) levels, truth has \(theirs.count)" }
      for (level, other) in zip(mine, theirs)
      where level.price.description != other.price || level.quantity.description != other.quantity {
        return "\(name) \(level.price) × \(level.quantity), truth has \(other.price) × \(other.quantity)"
      }
    }
    return nil
  }
}
