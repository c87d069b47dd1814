import Agent
import Feeds
import MarketData
import Testing
import Venues

@Suite("Health follows from its checks")
struct HealthEvaluatorTests {
  static let start: Int64 = 1_000_000_000_000

  private func session(_ name: String = "binance-spot/1", up: Bool = true) -> SessionReport {
    var session = SessionReport(name: name, state: up ? "open" : "backing_off", statistics: .init(messageNames: []))
    session.isConnected = up
    session.lastDisconnect = up ? nil : "dial failed: connection refused"
    let instrument = Instrument(exchange: "binance", market: .spot, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")
    session.books = [BookReport(instrument: instrument, reason: up ? nil : "disconnected")]
    return session
  }

  /// Everything as it should be, `seconds` after the start.
  private func facts(seconds: Int64 = 60, sessions: [SessionReport]? = nil) -> HealthFacts {
    let now = Timestamp(nanoseconds: Self.start + seconds * 1_000_000_000)
    var sessions = sessions ?? [session()]
    for index in sessions.indices where sessions[index].isConnected { sessions[index].lastMessageAt = now }
    return HealthFacts(
      now: now, startedAt: Timestamp(nanoseconds: Self.start),
      nats: .init(
        isUp: true, wasUp: true, isOptional: true, isOverridden: false, downSince: now, reason: nil, grace: .seconds(5)),
      exchanges: [.init(name: "binance-spot", staleAfter: .seconds(60), sessions: sessions)])
  }

  private func judge(_ facts: HealthFacts) -> HealthEvaluator.Judgement {
    var evaluator = HealthEvaluator()
    return evaluator.judge(facts)
  }

  private func status(_ name: String, _ judgement: HealthEvaluator.Judgement) -> HealthCheck.Status? {
    judgement.checks.first { $0.name == name }?.status
  }

  @Test("when everything is as it should be, the state is ok and every check passes")
  func everythingPasses() {
    let judgement = judge(facts())
    #expect(judgement.state == .ok)
    #expect(judgement.ready)
    #expect(judgement.checks.allSatisfy { $0.status == .pass })
  }

  @Test("optional NATS that is down degrades and leaves the agent ready")
  func optionalNATSDown() {
    var facts = facts()
    facts.nats.isUp = false
    facts.nats.reason = "connection refused (127.0.0.1:4222)"
    let judgement = judge(facts)
    #expect(judgement.state == .degraded)
    #expect(judgement.ready)
    #expect(status("nats_connection", judgement) == .warn)
    #expect(judgement.checks[1].observedValue.hasSuffix(": connection refused (127.0.0.1:4222)"))
  }

  @Test("required NATS that was never up means starting and not ready, whatever the grace")
  func requiredNATSNeverUp() {
    var facts = facts(seconds: 1)
    facts.nats.isUp = false
    facts.nats.wasUp = false
    facts.nats.isOptional = false
    let judgement = judge(facts)
    #expect(judgement.state == .starting)
    #expect(!judgement.ready)
  }

  @Test("required NATS that is lost keeps the agent ready within nats.grace and not beyond it", arguments: [4, 5])
  func requiredNATSLost(seconds: Int64) {
    var facts = facts()
    facts.nats.isUp = false
    facts.nats.isOptional = false
    facts.nats.downSince = Timestamp(nanoseconds: facts.now.nanoseconds - seconds * 1_000_000_000)
    let judgement = judge(facts)
    #expect(judgement.ready == (seconds < 5))
    #expect(judgement.state == (seconds < 5 ? .degraded : .failing))
  }

  @Test("an active override is said, and degrades even while NATS is up")
  func overrideDegrades() {
    var facts = facts()
    facts.nats.isOverridden = true
    #expect(judge(facts).state == .degraded)
  }

  @Test("whatever is overridden degrades, is said, and leaves the agent ready")
  func otherOverrideDegrades() {
    var facts = facts()
    facts.overrides = ["exchange.binance-spot=paused by uid 0"]
    let judgement = judge(facts)
    #expect(judgement.state == .degraded && judgement.ready)
    let check = judgement.checks.first { $0.name == "config" }
    #expect(check?.observedValue == "1 override active")
    #expect(check?.output == "override active: exchange.binance-spot=paused by uid 0")
  }

  @Test("a paused entry is neither missed nor counted, and nothing collected at all is a warning then")
  func pausedEntry() {
    var facts = facts(seconds: 300, sessions: [session(up: false)])
    facts.exchanges[0].isPaused = true
    let alone = judge(facts)
    #expect(status("exchange_connections", alone) == .warn)
    #expect(status("orderbooks", alone) == .pass)
    #expect(status("data_freshness", alone) == .pass)
    var other = self.facts(seconds: 300).exchanges[0]
    other.name = "other"
    facts.exchanges.append(other)
    let both = judge(facts)
    #expect(status("exchange_connections", both) == .pass)
    #expect(
      both.checks.first { $0.name == "exchange_connections" }?.observedValue == "1/1 sessions up, paused: binance-spot")
  }

  @Test("one of two sessions down degrades")
  func oneSessionDown() {
    let judgement = judge(facts(sessions: [session(), session("binance-spot/2", up: false)]))
    #expect(judgement.state == .degraded)
    #expect(status("exchange_connections", judgement) == .warn)
    #expect(status("orderbooks", judgement) == .warn)
  }

  @Test("no session up is a warning while the agent is young, and a failure after that", arguments: [5, 31])
  func noSessionUp(seconds: Int64) {
    let judgement = judge(facts(seconds: seconds, sessions: [session(up: false)]))
    #expect(status("exchange_connections", judgement) == (seconds < 30 ? .warn : .fail))
    #expect(judgement.state == (seconds < 30 ? .degraded : .failing))
  }

  @Test("no session at all is a failure: nothing is collected")
  func noSessionAtAll() {
    #expect(judge(facts(sessions: [])).state == .failing)
  }

  @Test("a session without messages for longer than stale_after is a warning")
  func staleSession() {
    var quiet = facts()
    quiet.exchanges[0].sessions[0].lastMessageAt = Timestamp(nanoseconds: quiet.now.nanoseconds - 61_000_000_000)
    #expect(status("data_freshness", judge(quiet)) == .warn)
  }

  @Test("a run of undecodable frames is a warning, single ones are not", arguments: [9, 10])
  func undecodableRun(length: Int) {
    var facts = facts()
    facts.exchanges[0].sessions[0].statistics.failuresInARow = length
    #expect(status("decoding", judge(facts)) == (length < 10 ? .pass : .warn))
  }

  @Test("a failed reload degrades and says why")
  func failedReload() {
    var facts = facts()
    facts.reload.lastError = "2 errors, generation 7 still active"
    let judgement = judge(facts)
    #expect(judgement.state == .degraded)
    #expect(judgement.checks.first { $0.name == "config" }?.output == "2 errors, generation 7 still active")
  }

  @Test("memory beyond the limit is a warning")
  func memory() {
    var facts = facts()
    facts.residentMemory = HealthEvaluator.memoryLimit + 1
    #expect(status("memory_usage", judge(facts)) == .warn)
  }

  @Test("draining is not ready and outranks every other state")
  func draining() {
    var facts = facts(sessions: [session(up: false)])
    facts.isDraining = true
    let judgement = judge(facts)
    #expect(judgement.state == .draining)
    #expect(!judgement.ready)
  }

  @Test("since is when a check's outcome began, not when it was last looked at")
  func sinceIsKept() {
    var evaluator = HealthEvaluator()
    let first = evaluator.judge(facts(seconds: 60))
    let second = evaluator.judge(facts(seconds: 90))
    #expect(first.checks[2].since == second.checks[2].since)
    let third = evaluator.judge(facts(seconds: 120, sessions: [session(up: false)]))
    #expect(third.checks[2].since.nanoseconds == Self.start + 120_000_000_000)
  }

  @Test("a kind of data that stays away is named although others arrive")
  func quietType() {
    var facts = facts(seconds: 100)
    facts.exchanges[0].dataTypes = [.trade, .orderbook]
    facts.exchanges[0].sessions[0].connectedAt = Timestamp(nanoseconds: Self.start)
    facts.exchanges[0].sessions[0].statistics.depths.note(receivedNS: facts.now.nanoseconds, eventTimeMS: nil)
    let judgement = judge(facts)
    #expect(status("data_freshness", judgement) == .warn)
    let check = judgement.checks.first { $0.name == "data_freshness" }
    #expect(check?.output == "nothing for too long: binance-spot trade")
  }

  @Test(
    "the clock is doubted when events come before they happen or all of them come late",
    arguments: [(Int64(0), HealthCheck.Status.pass), (-900, .pass), (-1001, .warn), (9000, .pass), (10001, .warn)])
  func clock(lagMS: Int64, expected: HealthCheck.Status) {
    var facts = facts()
    let received = facts.now.nanoseconds
    // One event that took longer than the others says nothing about the clock.
    for lag in [lagMS, lagMS + 30000] {
      facts.exchanges[0].sessions[0].statistics.trades.note(
        receivedNS: received, eventTimeMS: received / 1_000_000 - lag)
    }
    #expect(status("clock", judge(facts)) == expected)
  }
}
