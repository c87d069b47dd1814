import Feeds
import MarketData
import Settings

/// What the health checks look at: a copy of the facts, so that judging them needs no I/O.
package struct HealthFacts: Sendable {
  /// One exchange entry.
  package struct Exchange: Sendable {
    package var name: String
    package var staleAfter: Duration
    /// What is collected.
    package var dataTypes: [DataType]
    package var sessions: [SessionReport]
    /// Its connections are kept closed by an operator.
    package var isPaused: Bool

    package init(
      name: String, staleAfter: Duration, dataTypes: [DataType] = [], sessions: [SessionReport], isPaused: Bool = false
    ) {
      self.isPaused = isPaused
      self.name = name
      self.staleAfter = staleAfter
      self.dataTypes = dataTypes
      self.sessions = sessions
    }
  }

  package var now: Timestamp
  package var startedAt: Timestamp
  /// When the exchanges were last dialled by intention; nil: at the start.
  package var dialledAt: Timestamp?
  package var isDraining = false
  /// Whether NATS has come since the start, or could be missing at some time: it does not start again.
  package var startIsOver = false
  package var nats: NATS
  package var exchanges: [Exchange]
  package var residentMemory: Int?
  package var reload = StatusReport.Reload()
  /// What was changed at run time and is in force, a line each.
  package var overrides: [String] = []

  /// The link to NATS and its policy.
  package struct NATS: Sendable {
    package var isUp: Bool
    package var wasUp: Bool
    package var isOptional: Bool
    package var isOverridden: Bool
    package var downSince: Timestamp
    package var reason: String?
    package var grace: Duration

    package init(
      isUp: Bool, wasUp: Bool, isOptional: Bool, isOverridden: Bool, downSince: Timestamp, reason: String?,
      grace: Duration
    ) {
      self.isUp = isUp
      self.wasUp = wasUp
      self.isOptional = isOptional
      self.isOverridden = isOverridden
      self.downSince = downSince
      self.reason = reason
      self.grace = grace
    }
  }

  package init(now: Timestamp, startedAt: Timestamp, nats: NATS, exchanges: [Exchange]) {
    self.now = now
    self.startedAt = startedAt
    self.nats = nats
    self.exchanges = exchanges
  }
}

/// Judges the facts: a check each, and the overall state that follows from the checks.
///
/// Remembers only since when each check has had its outcome.
package struct HealthEvaluator: Sendable {
  /// Without any connection for this long the agent does not do its job.
  package static let connectGrace: Int64 = 30_000_000_000
  /// Undecodable frames in a row that are worth a warning.
  package static let failuresInARow = 10
  /// Resident memory that is worth a warning: many times what the largest set of books takes.
  package static let memoryLimit = 1 << 30

  private var outcomes: [String: (status: HealthCheck.Status, since: Timestamp)] = [:]

  /// What came of the facts.
  package struct Judgement: Sendable {
    package var state: HealthState
    package var ready: Bool
    package var checks: [HealthCheck]
  }

  /// Creates an evaluator that has seen nothing.
  package init() {}

  /// Judges the facts of one moment.
  package mutating func judge(_ facts: HealthFacts) -> Judgement {
    let checks = [
      configuration(facts), nats(facts), connections(facts), books(facts), freshness(facts), decoding(facts),
      memory(facts), clock(facts),
    ].map { remember($0, at: facts.now) }
    return Judgement(
      state: Self.state(checks, facts), ready: !facts.isDraining && !Self.natsBlocks(facts), checks: checks)
  }

  private static func state(_ checks: [HealthCheck], _ facts: HealthFacts) -> HealthState {
    if facts.isDraining { return .draining }
    if natsBlocks(facts), !facts.startIsOver, !facts.nats.wasUp { return .starting }
    if checks.contains(where: { $0.status == .fail }) { return .failing }
    return checks.contains { $0.status == .warn } ? .degraded : .ok
  }

  /// Whether the lack of NATS keeps the agent from being ready.
  private static func natsBlocks(_ facts: HealthFacts) -> Bool {
    guard !facts.nats.isUp, !facts.nats.isOptional else { return false }
    return !facts.nats.wasUp || facts.now.nanoseconds(since: facts.nats.downSince) >= facts.nats.grace.wholeNanoseconds
  }

  private mutating func remember(_ check: HealthCheck, at now: Timestamp) -> HealthCheck {
    var check = check
    if let known = outcomes[check.name], known.status == check.status {
      check.since = known.since
    } else {
      outcomes[check.name] = (check.status, now)
    }
    return check
  }

  /// Several things may be the matter with the settings; all are said.
  private func configuration(_ facts: HealthFacts) -> HealthCheck {
    let reload = facts.reload
    var matters: [(what: String, why: String)] = []
    if let why = reload.fallback { matters.append(("the last good settings are in force", why)) }
    if let why = reload.lastError { matters.append(("last reload failed", why)) }
    if let until = reload.confirmUntil {
      matters.append(("waits for confirmation", "undone at \(until.rfc3339) unless confirmed"))
    }
    if !reload.pendingRestart.isEmpty {
      matters.append(("pending restart", reload.pendingRestart.joined(separator: ", ")))
    }
    if !facts.overrides.isEmpty {
      let count = facts.overrides.count
      let why = facts.overrides.map { "override active: \($0)" }.joined(separator: "; ")
      matters.append(("\(count) override\(count == 1 ? "" : "s") active", why))
    }
    guard !matters.isEmpty else {
      return HealthCheck(name: "config", status: .pass, observedValue: "committed", since: facts.now)
    }
    return HealthCheck(
      name: "config", status: .warn, observedValue: matters.map(\.what).joined(separator: ", "), since: facts.now,
      output: matters.map(\.why).joined(separator: "; "))
  }

  private func nats(_ facts: HealthFacts) -> HealthCheck {
    let policy = (facts.nats.isOptional ? "optional" : "required") + (facts.nats.isOverridden ? " by override" : "")
    guard !facts.nats.isUp else {
      let status: HealthCheck.Status = facts.nats.isOverridden ? .warn : .pass
      return HealthCheck(
        name: "nats_connection", status: status, observedValue: "\(policy), up", since: facts.now,
        output: facts.nats.isOverridden ? "a runtime override of nats.optional is active" : nil)
    }
    let reason = facts.nats.reason.map { ": \($0)" } ?? ""
    return HealthCheck(
      name: "nats_connection", status: Self.natsBlocks(facts) ? .fail : .warn,
      observedValue: "\(policy), down since \(facts.nats.downSince.rfc3339)\(reason)",
      threshold: facts.nats.isOptional ? nil : "down for at most \(facts.nats.grace.text)", since: facts.now)
  }

  private func connections(_ facts: HealthFacts) -> HealthCheck {
    let sessions = facts.exchanges.filter { !$0.isPaused }.flatMap(\.sessions)
    let paused = facts.exchanges.filter(\.isPaused).map(\.name)
    let up = sessions.filter(\.isConnected).count
    let young = facts.now.nanoseconds(since: facts.dialledAt ?? facts.startedAt) < Self.connectGrace
    let status: HealthCheck.Status =
      sessions.isEmpty && !paused.isEmpty
      ? .warn : sessions.isEmpty ? .fail : up == sessions.count ? .pass : up == 0 && !young ? .fail : .warn
    let down = sessions.filter { !$0.isConnected }.map { session in
      "\(session.name) \(session.state)" + (session.lastDisconnect.map { ": \($0)" } ?? "")
    }
    return HealthCheck(
      name: "exchange_connections", status: status,
      observedValue: "\(up)/\(sessions.count) sessions up"
        + (paused.isEmpty ? "" : ", paused: \(paused.joined(separator: ", "))"),
      threshold: "all", since: facts.now, output: down.isEmpty ? nil : down.joined(separator: "; "))
  }

  private func books(_ facts: HealthFacts) -> HealthCheck {
    let books = facts.exchanges.filter { !$0.isPaused }.flatMap { exchange in
      exchange.sessions.flatMap(\.books).map { (exchange.name, $0) }
    }
    let good = books.filter { $0.1.isSynchronised }.count
    let gaps = books.reduce(0) { $0 + $1.1.statistics.gaps }
    let bad = books.filter { !$0.1.isSynchronised }.prefix(8).map { name, book in
      "\(name) \(book.instrument.symbol): \(book.reason ?? "")"
    }
    return HealthCheck(
      name: "orderbooks", status: good == books.count ? .pass : .warn,
      observedValue: "\(good)/\(books.count) synchronised, \(gaps) gaps", threshold: "all", since: facts.now,
      output: bad.isEmpty ? nil : bad.joined(separator: "; "))
  }

  private func decoding(_ facts: HealthFacts) -> HealthCheck {
    let sessions = facts.exchanges.flatMap(\.sessions)
    let failed = sessions.reduce(0) { $0 + $1.statistics.failed }
    let received = sessions.reduce(0) { $0 + $1.statistics.received }
    let runs = sessions.filter { $0.statistics.failuresInARow >= Self.failuresInARow }
    return HealthCheck(
      name: "decoding", status: runs.isEmpty ? .pass : .warn,
      observedValue: "\(failed) of \(received) frames undecodable",
      threshold: "fewer than \(Self.failuresInARow) in a row",
      since: facts.now,
      output: runs.isEmpty
        ? nil : runs.map { "\($0.name): \($0.statistics.failuresInARow) in a row" }.joined(separator: "; "))
  }

  private func memory(_ facts: HealthFacts) -> HealthCheck {
    let mebibytes = facts.residentMemory.map { $0 >> 20 }
    return HealthCheck(
      name: "memory_usage", status: (facts.residentMemory ?? 0) > Self.memoryLimit ? .warn : .pass,
      observedValue: mebibytes.map { "\($0) MiB" } ?? "not readable", threshold: "\(Self.memoryLimit >> 20) MiB",
      since: facts.now)
  }
}

extension Duration {
  /// All of it in nanoseconds, at most what an `Int64` holds.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product &+ attoseconds / 1_000_000_000
  }

  /// `5 s`, `250 ms`.
  var text: String {
    let milliseconds = wholeNanoseconds / 1_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
