import Feeds
import MarketData

/// The checks of when data arrives.
extension HealthEvaluator {
  /// How far behind the exchanges' the local clock may be before a warning.
  package static let clockTolerance: Int64 = 1000
  /// How late every event may be, in milliseconds, before a warning.
  package static let latenessTolerance: Int64 = 10000

  /// Every session, and every kind of data of an entry, against `stale_after`.
  func freshness(_ facts: HealthFacts) -> HealthCheck {
    var oldest: (age: Double, name: String)?
    var stale: [String] = []
    for exchange in facts.exchanges where !exchange.isPaused {
      let limit = Double(exchange.staleAfter.wholeNanoseconds) / 1e9
      for (name, last) in Self.lastArrivals(of: exchange, startedAt: facts.startedAt) {
        let age = Double(facts.now.nanoseconds(since: last)) / 1e9
        if age > oldest?.age ?? -1 { oldest = (age, name) }
        if age > limit { stale.append(name) }
      }
    }
    let thresholds = facts.exchanges.map { "\($0.name) \($0.staleAfter.text)" }
    return HealthCheck(
      name: "data_freshness", status: stale.isEmpty ? .pass : .warn,
      observedValue: oldest.map { "longest silence \(Self.tenths($0.age)) s (\($0.name))" } ?? "no session",
      threshold: thresholds.joined(separator: ", "), since: facts.now,
      output: stale.isEmpty ? nil : "nothing for too long: \(stale.joined(separator: ", "))")
  }

  /// `binance-spot/1` and `binance-spot trade` with the time of the last arrival; a connection counts as one.
  private static func lastArrivals(
    of exchange: HealthFacts.Exchange, startedAt: Timestamp
  ) -> [(name: String, last: Timestamp)] {
    let sessions = exchange.sessions.map { session in
      (session.name, [session.lastMessageAt, session.connectedAt].compactMap { $0 }.max() ?? startedAt)
    }
    let kinds = exchange.dataTypes.compactMap { type -> (String, Timestamp)? in
      let times = exchange.sessions.flatMap { session -> [Timestamp] in
        let last = session.statistics.arrivals.first { $0.type == type }?.statistics.lastReceivedNS ?? 0
        return [last > 0 ? Timestamp(nanoseconds: last) : nil, session.connectedAt].compactMap { $0 }
      }
      return times.max().map { ("\(exchange.name) \(type.rawValue)", $0) }
    }
    return sessions + kinds
  }

  /// The local clock against the exchanges': an event cannot arrive before it happened.
  func clock(_ facts: HealthFacts) -> HealthCheck {
    let lags = facts.exchanges.flatMap { exchange in
      exchange.sessions.flatMap { $0.statistics.arrivals.compactMap(\.statistics.leastLagMS) }
        .min().map { [(name: exchange.name, lag: $0)] } ?? []
    }
    // The least lag is the best witness of each exchange; one that is out of bounds need not be the fault of this clock.
    let wrong = lags.filter { $0.lag < -Self.clockTolerance || $0.lag > Self.latenessTolerance }
    return HealthCheck(
      name: "clock", status: wrong.isEmpty ? .pass : .warn,
      observedValue: lags.isEmpty
        ? "no event with a time of its own yet"
        : "least lag " + lags.map { "\($0.lag) ms (\($0.name))" }.joined(separator: ", "),
      threshold: "-\(Self.clockTolerance)…\(Self.latenessTolerance) ms", since: facts.now,
      output: wrong.isEmpty
        ? nil
        : wrong.map { name, lag in
          lag < 0
            ? "events of \(name) arrive before they happen: this clock is behind"
            : "every event of \(name) arrives late"
        }.joined(separator: "; "))
  }

  static func tenths(_ value: Double) -> String {
    let scaled = Int((min(max(value, -1e15), 1e15) * 10).rounded())
    return "\(scaled / 10).\(abs(scaled % 10))"
  }
}
