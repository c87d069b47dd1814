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
    if previous != report.state { logger.notice("health: \(previous.rawValue) → \(report.state.rawValue)") }
    return report
  }

  private func facts() async -> HealthFacts {
    var exchanges: [HealthFacts.Exchange] = []
    for feed in feeds {
      exchanges.append(
        HealthFacts.Exchange(
          name: feed.configuration.name, staleAfter: feed.configuration.session.staleAfter ?? .seconds(60),
          sessions: await feed.reports()))
    }
    let link = delivery.status
    return HealthFacts(
      now: WallClock.now(), startedAt: startedAt, isDraining: isDraining, isStarting: !startIsOver,
      natsIsUp: link.isUp, natsWasUp: link.connects > 0, natsIsOptional: policy.requirement == .optional,
      natsOverridden: policy.activeOverride != nil, natsDownSince: Timestamp(nanoseconds: link.since),
      natsReason: link.lastFailure?.description, natsGrace: settings.nats.grace, exchanges: exchanges,
      residentMemory: ProcessFigures.current()?.residentMemoryBytes, lastReloadError: lastReloadError)
  }
}
