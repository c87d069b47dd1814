import AdminProtocol
import Agent
import MarketData
import Synchronization

/// A collector with the values a test gives it.
final class FakeService: CollectorService {
  struct Values: Sendable {
    var health = FakeService.report(.ok)
    var status = FakeService.statusReport()
    var book = FakeService.bookView()
    var bookError: ProtocolError?
    var metrics = ""
    /// What a command comes to; nil for a success that changed something.
    var reply: Reply?
    /// Calls wait until the test lets them go.
    var hangs = false
  }

  let values = Mutex(Values())
  let waiting = Mutex(0)
  let lastBookCall = Mutex<(exchange: String, market: MarketType?, symbol: String, depth: Int?)?>(nil)

  func set(_ change: (inout sending Values) -> Void) { values.withLock { change(&$0) } }

  private func answer<Value>(_ read: (Values) -> Value) async -> Value {
    waiting.withLock { $0 += 1 }
    // A hanging agent does not heed cancellation either.
    while values.withLock({ $0.hangs }) {
      await Task.detached { try? await Task.sleep(for: .milliseconds(5)) }.value
    }
    waiting.withLock { $0 -= 1 }
    return values.withLock { read($0) }
  }

  /// The commands that were run, with who asked.
  let commands = Mutex<[(words: [String], caller: Caller)]>([])
  var promptState: String { "ok" }
  var generation: Int { 7 }

  func run(_ call: CommandCall, for caller: Caller, output: CommandOutput) async -> Reply {
    let arguments = call.arguments.flatMap { argument in
      switch argument.value {
      case .flag: [argument.name]
      case .text(let text): [argument.name, text]
      case .integer(let number): [argument.name, String(number)]
      case .duration(let duration): [argument.name, "\(duration)"]
      }
    }
    commands.withLock { $0.append((call.specification.words + arguments, caller)) }
    return await answer { $0.reply ?? Reply(fields: [ReplyField("policy", "required")], changed: true) }
  }

  func health() async -> HealthReport { await answer { $0.health } }
  func status() async -> StatusReport { await answer { $0.status } }
  func prometheusText() async -> String { await answer { $0.metrics } }

  func cachedBook(exchange: String, market: MarketType?, symbol: String, depth: Int?) async throws(ProtocolError)
    -> BookView
  {
    lastBookCall.withLock { $0 = (exchange, market, symbol, depth) }
    let (book, error) = await answer { ($0.book, $0.bookError) }
    if let error { throw error }
    return book
  }

  func freshSnapshot(exchange: String, market: MarketType?, symbol: String, depth: Int?) async throws(ProtocolError)
    -> BookView
  {
    try await cachedBook(exchange: exchange, market: market, symbol: symbol, depth: depth)
  }
}

extension FakeService {
  static let start = Timestamp(nanoseconds: 1_795_383_000_000_000_000)
  static let now = Timestamp(nanoseconds: 1_795_383_493_250_000_000)

  static func report(_ state: HealthState, ready: Bool = true) -> HealthReport {
    HealthReport(
      state: state, ready: ready, time: now, uptimeSeconds: 493.25,
      checks: [
        HealthCheck(
          name: "nats_connection", status: state == .ok ? .pass : .warn, observedValue: "down",
          threshold: "up within 5s", since: start, output: "connection refused (127.0.0.1:4222)"),
        HealthCheck(name: "exchange_connections", status: .pass, observedValue: "2/2", since: start),
      ], generation: 7, version: "1.2.3")
  }

  static func statusReport() -> StatusReport {
    var spot = StatusReport.Exchange(
      name: "binance-spot", exchange: "binance", market: .spot, symbols: ["BTC-USDT", "ETH-USDT"],
      dataTypes: ["trade", "orderbook"])
    spot.messagesReceived = 120
    spot.messagesProcessed = 118
    spot.errors = 2
    spot.lastMessageTime = now
    spot.connectedAt = start
    spot.isConnected = true
    spot.reconnectCount = 1
    spot.gaps = 3
    spot.booksTotal = 2
    spot.booksSynchronised = 2
    let perpetual = StatusReport.Exchange(
      name: "binance-perp", exchange: "binance", market: .perpetual, symbols: ["BTC-USDT", "SOL-USDT"],
      dataTypes: ["trade"])
    return StatusReport(
      startTime: start, time: now, uptimeSeconds: 493.25, generation: 7, version: "1.2.3", running: true, health: .ok,
      exchanges: [spot, perpetual],
      nats: StatusReport.NATS(
        connected: true, state: "up", serverURL: "nats://localhost:4222", clientName: "collector", optional: true,
        policySource: "file", override: nil, since: start, reason: nil, events: [("published", 99), ("no_nats", 4)],
        pendingBytes: 17),
      configurationFile: "/etc/marketprism/collector.yaml")
  }

  static func bookView(levels: Int = 3) -> BookView {
    let bids = (0..<levels).map { index in
      BookLevel(
        price: FixedDecimal(mantissa: Int64(6_165_970 - index * 10), scale: 2),
        quantity: FixedDecimal(mantissa: 50, scale: 2))
    }
    let asks = (0..<levels).map { index in
      BookLevel(
        price: FixedDecimal(mantissa: Int64(6_165_980 + index * 10), scale: 2),
        quantity: FixedDecimal(mantissa: 491_529_632_100, scale: 0, trailingZeros: 0))
    }
    return BookView(
      instrument: Instrument(exchange: "binance", market: .spot, symbol: "BTC-USDT", venueSymbol: "BTCUSDT"),
      isSynchronised: true, reason: nil, lastUpdateID: 9_007_199_254_740_993, eventTimeMS: 1_795_383_493_000,
      receivedAt: Timestamp(nanoseconds: now.nanoseconds - 40_000_000), takenAt: now, bids: bids, asks: asks,
      bidLevels: 1000, askLevels: 900, gaps: 1, resynchronisations: 2)
  }
}
