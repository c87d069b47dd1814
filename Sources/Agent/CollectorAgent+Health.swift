import Delivery
import Feeds
import MarketData
import Settings

extension CollectorAgent: CollectorService {
  /// The present health, judged from the facts of this moment.
  public func health() async -> HealthReport {
    let facts = await facts()
    let judgement = evaluator.judge(facts)
    let report = HealthReport(
      state: judgement.state, ready: judgement.ready, time: facts.now,
      uptimeSeconds: Double(facts.now.nanoseconds(since: startedAt)) / 1e9, checks: judgement.checks,
      generation: activeGeneration, version: start.version)
    let previous = published.withLock { published in
      defer { published.health = report.state }
      return published.health
    }
    if previous != report.state {
      let reasons = report.checks.filter { $0.status != .pass }.map { "\($0.name): \($0.output ?? $0.observedValue)" }
      events.emit(.health(from: previous, to: report.state, because: reasons.joined(separator: "; ")))
    }
    return report
  }

  private func facts() async -> HealthFacts {
    var exchanges: [HealthFacts.Exchange] = []
    for feed in feeds {
      exchanges.append(
        HealthFacts.Exchange(
          name: feed.configuration.name, staleAfter: feed.configuration.session.staleAfter ?? .seconds(60),
          dataTypes: feed.configuration.wish.dataTypes, sessions: await feed.reports(), isPaused: feed.isPaused))
    }
    let link = delivery.status
    let nats = HealthFacts.NATS(
      isUp: link.isUp, wasUp: link.connects > 0, isOptional: policy.requirement == .optional,
      isOverridden: policy.activeOverride != nil, downSince: Timestamp(nanoseconds: link.since),
      reason: link.lastFailure?.description, grace: settings.nats.grace)
    var facts = HealthFacts(now: WallClock.now(), startedAt: startedAt, nats: nats, exchanges: exchanges)
    facts.dialledAt = dialledAt
    facts.isDraining = isDraining || isDrained
    facts.overrides = activeOverrides.map(\.text)
    facts.startIsOver = startIsOver
    facts.residentMemory = ProcessFigures.current()?.residentMemoryBytes
    facts.reload = reloadStatus()
    return facts
  }
}
