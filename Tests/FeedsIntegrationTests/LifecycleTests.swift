import Feeds
import Logging
import MarketData
import NIOPosix
import Testing
import VenueSimulator
import Venues

@Suite("Life of a feed")
struct LifecycleTests {
  /// A feed that dials a port of this host at which no exchange listens.
  private func withFeed(
    port: Int, backoff: Backoff, logger: Logger = .silent, _ body: (Feed) async throws -> Void
  ) async throws {
    let rest = RESTClient(group: MultiThreadedEventLoopGroup.singleton)
    let configuration = FeedConfiguration(
      name: "nowhere", venue: BinanceVenue(),
      wish: SubscriptionWish(market: .spot, instruments: [try instrument("BTCUSDT", .spot)], dataTypes: [.orderbook]),
      webSocketURL: try WebSocketURL("ws://127.0.0.1:\(port)"), restURL: "http://127.0.0.1:\(port)",
      snapshotDepth: 1000, keepsBooks: true, publishing: .init(subject: .current, collector: "test"),
      session: .init(backoff: backoff))
    let feed = Feed(
      configuration: configuration,
      environment: FeedEnvironment(rest: rest, budget: SharedRequestBudget(limit: 6000), sink: { _ in }),
      group: MultiThreadedEventLoopGroup.singleton, logger: logger)
    feed.start()
    do {
      try await body(feed)
    } catch {
      await feed.stop()
      await rest.shutdown()
      throw error
    }
    await feed.stop()
    await rest.shutdown()
  }

  private func stopsAtOnce(_ feed: Feed) async {
    let start = ContinuousClock.now
    await feed.stop()
    // A peer that does not answer the goodbye is waited for two seconds.
    #expect(ContinuousClock.now - start < .seconds(4))
    // Again, and late news of symbols: nothing is dialled any more.
    await feed.stop()
    await feed.follow(feed.configuration.wish.instruments)
    #expect(await feed.reports().isEmpty)
  }

  @Test("stops while it is dialling")
  func stopWhileDialling() async throws {
    let server = try await SilentServer()
    try await withFeed(port: server.port, backoff: Backoff()) { feed in
      #expect(await eventually(seconds: 5) { await feed.reports().first?.state == "connecting" })
      await stopsAtOnce(feed)
    }
    try await server.stop()
  }

  @Test("stops while it waits to dial again")
  func stopWhileBackingOff() async throws {
    let backoff = Backoff(base: .seconds(20), cap: .seconds(30), minimum: .seconds(15))
    try await withFeed(port: try await SilentServer.closedPort(), backoff: backoff) { feed in
      #expect(await eventually(seconds: 5) { await feed.reports().first?.state == "backing_off" })
      #expect(await feed.reports().first?.lastDisconnect?.hasPrefix("dial failed") == true)
      await stopsAtOnce(feed)
    }
  }

  @Test("stops while it is open, by a goodbye")
  func stopWhileOpen() async throws {
    try await Rig.run { rig in
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      for feed in rig.feeds.values { await stopsAtOnce(feed) }
      #expect(await eventually(seconds: 5) { rig.simulator.statistics.connectionsOpen == 0 })
      let published = rig.log?.count
      try await Task.sleep(for: .milliseconds(200))
      #expect(rig.log?.count == published)
    }
  }

  @Test("a port where nobody listens is dialled again after delays that grow")
  func growingDelays() async throws {
    let log = LogCollector()
    let backoff = Backoff(base: .milliseconds(20), cap: .seconds(60), minimum: .milliseconds(5))
    try await withFeed(port: try await SilentServer.closedPort(), backoff: backoff, logger: log.logger) { _ in
      try await Task.sleep(for: .seconds(2))
      let tries = log.lines.count { $0 == "connecting" }
      // Delays average 10, 20, 40 … ms; without growth there would be some 150 tries.
      #expect((3...40).contains(tries))
      let failures = log.lines.filter { $0.hasPrefix("disconnected: dial failed") }
      let delays = failures.compactMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0) } }
      #expect(delays.count >= 3)
      for (index, delay) in delays.enumerated() { #expect(delay <= 20 << index) }
    }
  }

  @Test("two feeds of one venue share its request budget")
  func sharedBudget() async throws {
    var options = Rig.Options()
    options.symbols = [.spot: ["BTCUSDT", "ETHUSDT", "SOLUSDT"]]
    // A snapshot weighs 250 here: four of the six that both feeds want fit into a minute.
    options.snapshotDepth = 5000
    options.weightLimit = 1000
    try await Rig.run(options) { rig in
      let budget = try #require(rig.budgets[.spot])
      let second = try Rig.feed(
        .spot, ["BTCUSDT", "ETHUSDT", "SOLUSDT"], options: options, endpoints: rig.endpoints, rest: rig.rest,
        budget: budget, log: nil)
      second.start()
      #expect(await eventually(seconds: 10) { rig.simulator.statistics.requestsServed == 4 })
      try await Task.sleep(for: .seconds(2))
      #expect(rig.simulator.statistics.requestsServed == 4)
      #expect(budget.used == 1000)
      let synchronised = await eventually(seconds: 10) {
        await (rig.books() + second.reports().flatMap(\.books)).count { $0.isSynchronised } == 4
      }
      #expect(synchronised)
      await second.stop()
    }
  }

  @Test("a symbol without changes gets its book after three seconds")
  func quietSymbol() async throws {
    var options = Rig.Options()
    options.simulator.eventsPerSecond = 0
    try await Rig.run(options) { rig in
      let start = ContinuousClock.now
      let before = await rig.difference()
      #expect(before != nil)
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      #expect(ContinuousClock.now - start > .milliseconds(2500))
      let difference = await rig.difference()
      #expect(difference == nil)
      // The first change behind such a snapshot continues it.
      rig.simulator.setEventsPerSecond(2000)
      try await Task.sleep(for: .milliseconds(500))
      try await rig.settle()
      let books = await rig.books()
      #expect(books.allSatisfy { $0.statistics.gaps == 0 && $0.statistics.resynchronisations == 0 })
    }
  }

  @Test("a hundred symbols' cold start stays within the venue's request weight")
  func coldStart() async throws {
    var options = Rig.Options()
    options.snapshotDepth = 5000
    // The simulator has three of them; the others are refused, which costs the same weight and is tried again.
    options.symbols = [.spot: ["BTCUSDT", "ETHUSDT", "SOLUSDT"] + (0..<97).map { "NONE\($0)USDT" }]
    try await Rig.run(options) { rig in
      let budget = try #require(rig.budgets[.spot])
      // 250 each: twenty-four requests are a whole minute's budget.
      #expect(await eventually(seconds: 15) { budget.used == 6000 })
      try await Task.sleep(for: .seconds(2))
      #expect(rig.simulator.statistics.requestsServed == 24)
      #expect(budget.refusals == 0)
      #expect(await eventually(seconds: 10) { await rig.books().count { $0.isSynchronised } == 3 })
    }
  }
}
