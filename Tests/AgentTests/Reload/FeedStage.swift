@testable import Agent
import Feeds
import Foundation
import Logging
import MarketData
import NIOPosix
import Settings
import Synchronization
import VenueSimulator

/// A roster of two feeds on a simulated exchange, both synchronised, with nothing of an agent around them.
final class FeedStage: Sendable {
  let simulator: BinanceSimulator
  let roster: FeedRoster
  let trades = TradeLog()
  let settings: CollectorSettings
  /// The feeds as they were at first.
  let feeds: [Feed]
  private let component: FeedsReloadComponent
  private let rest: RESTClient

  private init() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
    let simulator = BinanceSimulator(
      configuration: SimulatorConfiguration(eventsPerSecond: 3000), group: group, logger: logger)
    let endpoints = try await simulator.start()
    let rest = RESTClient(group: group)
    let settings = CollectorSettings(exchanges: [
      .init(
        wsURL: endpoints.spotWebSocketURL, baseURL: endpoints.spotRESTURL, symbols: ["BTCUSDT", "ETHUSDT"]),
      .init(
        marketType: "perpetual", wsURL: endpoints.usdmWebSocketURL, baseURL: endpoints.usdmRESTURL,
        symbols: ["BTCUSDT"]),
    ])
    let factory = FeedFactory(
      group: group, rest: rest, collector: "test", held: HeldFeeds(), logger: logger, observer: { _ in },
      sink: { [trades] in trades.append($0) })
    feeds = settings.exchanges.compactMap { factory.feed(for: $0, settings: settings) }
    roster = FeedRoster(feeds)
    component = FeedsReloadComponent(roster: roster, factory: factory)
    self.simulator = simulator
    self.rest = rest
    self.settings = settings
  }

  /// Starts everything, runs `body`, and stops everything whatever happens.
  static func run(_ body: (FeedStage) async throws -> Void) async throws {
    let stage = try await FeedStage()
    for feed in stage.feeds { feed.start() }
    let result: Result<Void, any Error>
    do {
      guard await eventually({ await stage.isSynchronised() }) else { throw StageError.notSynchronised }
      result = .success(try await body(stage))
    } catch {
      result = .failure(error)
    }
    await stage.roster.close()
    await stage.rest.shutdown()
    await stage.simulator.stop()
    try result.get()
  }

  enum StageError: Error { case notSynchronised }

  func prepare(
    within limit: Duration = .seconds(10), _ change: (inout CollectorSettings) -> Void
  ) async throws(ReloadFailure) -> (any PreparedComponent)? {
    var new = settings
    change(&new)
    return try await component.prepare(
      ReloadChange(
        old: settings, new: new, changes: SettingsDiff.changes(from: settings, to: new), deadline: .now + limit))
  }

  func isSynchronised() async -> Bool {
    for feed in roster.feeds {
      let books = await feed.reports().flatMap(\.books)
      if books.isEmpty || !books.allSatisfy(\.isSynchronised) { return false }
    }
    return true
  }

  func reconnects() async -> Int {
    var sum = 0
    for feed in roster.feeds { sum += await feed.reports().map(\.reconnects).reduce(0, +) }
    return sum
  }
}

/// The trades that were published, by their ids.
final class TradeLog: Sendable {
  private struct State {
    var last: [String: Int64] = [:]
    var count = 0
    var faults: [String] = []
  }
  private struct Payload: Decodable {
    var market_type: String
    var symbol: String
    var trade_id: String
  }

  private let state = Mutex(State())

  func append(_ events: borrowing EncodedEvents) {
    for index in 0..<events.count {
      guard let view = events.view(at: index), view.type == .trade,
        let trade = try? JSONDecoder().decode(Payload.self, from: Data(view.payload)), let id = Int64(trade.trade_id)
      else { continue }
      state.withLock { state in
        let key = "\(trade.market_type) \(trade.symbol)"
        if let last = state.last[key], id != last + 1 { state.faults.append("\(key): \(id) after \(last)") }
        state.last[key] = id
        state.count += 1
      }
    }
  }

  var count: Int { state.withLock { $0.count } }
  /// Trades that were not the next ones.
  var faults: [String] { state.withLock { $0.faults } }
  var symbols: Set<String> {
    state.withLock { Set($0.last.keys.compactMap { $0.split(separator: " ").last.map(String.init) }) }
  }
}

/// Polls until `condition` holds; false when it does not within ten seconds.
func eventually(_ condition: () async -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(10)
  while await !condition() {
    guard ContinuousClock.now < deadline else { return false }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return true
}
