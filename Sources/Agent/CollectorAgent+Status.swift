import Delivery
import Feeds
import MarketData

extension CollectorAgent {
  /// The present status.
  public func status() async -> StatusReport {
    let now = WallClock.now()
    var rows: [StatusReport.Exchange] = []
    for feed in feeds { rows.append(Self.row(of: feed, await feed.reports())) }
    return StatusReport(
      startTime: startedAt, time: now, uptimeSeconds: Double(now.nanoseconds(since: startedAt)) / 1e9,
      generation: activeGeneration, version: start.version, running: !isDraining,
      health: published.withLock { $0.health }, exchanges: rows, nats: natsStatus(), configurationFile: start.file)
  }

  private static func row(of feed: Feed, _ sessions: [SessionReport]) -> StatusReport.Exchange {
    let wish = feed.configuration.wish
    var row = StatusReport.Exchange(
      name: feed.configuration.name, exchange: feed.configuration.venue.name, market: wish.market,
      symbols: sessions.flatMap(\.instruments).map(\.symbol), dataTypes: wish.dataTypes.map(\.rawValue))
    for session in sessions {
      row.messagesReceived += session.statistics.received
      row.messagesProcessed += session.statistics.processed
      row.errors += session.statistics.failed
      row.reconnectCount += session.reconnects
      row.booksTotal += session.books.count
      for book in session.books {
        row.booksSynchronised += book.isSynchronised ? 1 : 0
        row.gaps += book.statistics.gaps
        row.resynchronisations += book.statistics.resynchronisations
      }
    }
    row.isConnected = !sessions.isEmpty && sessions.allSatisfy(\.isConnected)
    row.lastMessageTime = sessions.compactMap(\.lastMessageAt).max()
    // The youngest connection says since when all of them have been open.
    row.connectedAt = row.isConnected ? sessions.compactMap(\.connectedAt).max() : nil
    row.lastDisconnect = sessions.compactMap(\.lastDisconnect).last
    return row
  }

  /// The link and its policy.
  func natsStatus() -> StatusReport.NATS {
    let link = delivery.status
    let counters = delivery.counters
    return StatusReport.NATS(
      connected: link.isUp, state: link.state.rawValue, serverURL: link.serverURL ?? "",
      clientName: settings.nats.clientName, optional: policy.requirement == .optional,
      policySource: policy.activeOverride == nil ? "file" : "override", override: overrideText(),
      since: Timestamp(nanoseconds: link.since), reason: link.isUp ? nil : link.lastFailure?.description,
      events: DeliveryCounters.Outcome.allCases.map { ($0.rawValue, Int(clamping: counters.total($0))) },
      pendingBytes: delivery.outboxBytesPending)
  }

  private func overrideText() -> String? {
    policy.activeOverride.map { active in
      var text = "\(active.requirement.rawValue) by uid \(active.uid) at \(Timestamp(nanoseconds: active.setAt).rfc3339)"
      if let until = active.until { text += " until \(Timestamp(nanoseconds: until).rfc3339)" }
      if let reason = active.reason { text += ": \(reason)" }
      return text
    }
  }

  /// All metrics in Prometheus' text format.
  public func prometheusText() async -> String { await registry.text() }

  /// Gives one scrape everything that is counted elsewhere.
  func collect(into sink: inout MetricSink) async {
    sink.record(MetricCatalogue.buildInfo, labels: [start.version], 1)
    sink.record(MetricCatalogue.generation, activeGeneration)
    let health = published.withLock { $0.health }
    for state in HealthState.allCases {
      sink.record(MetricCatalogue.healthState, labels: [state.rawValue], state == health)
    }
    let now = WallClock.now()
    for feed in feeds { Self.collect(feed, await feed.reports(), now: now, into: &sink) }
    let counters = delivery.counters
    for type in DataType.allCases {
      for outcome in DeliveryCounters.Outcome.allCases {
        let count = counters.count(type, outcome)
        // Only the kinds of data that occur, but all outcomes of those, so that a rate never starts from nothing.
        guard DeliveryCounters.Outcome.allCases.contains(where: { counters.count(type, $0) > 0 }) else { continue }
        sink.record(MetricCatalogue.events, labels: [type.rawValue, outcome.rawValue], Int(clamping: count))
      }
    }
    sink.record(MetricCatalogue.natsConnected, delivery.status.isUp)
    sink.record(MetricCatalogue.natsOptional, policy.requirement == .optional)
    sink.record(MetricCatalogue.outboxBytes, delivery.outboxBytesPending)
  }

  private static func collect(_ feed: Feed, _ sessions: [SessionReport], now: Timestamp, into sink: inout MetricSink) {
    let row = Self.row(of: feed, sessions)
    let labels = [row.exchange, row.market.rawValue, row.name]
    sink.record(MetricCatalogue.messagesReceived, labels: labels, row.messagesReceived)
    sink.record(MetricCatalogue.messagesProcessed, labels: labels, row.messagesProcessed)
    sink.record(MetricCatalogue.sessionConnected, labels: labels, row.isConnected)
    sink.record(MetricCatalogue.sessionReconnects, labels: labels, row.reconnectCount)
    sink.record(MetricCatalogue.gaps, labels: labels, row.gaps)
    sink.record(MetricCatalogue.resynchronisations, labels: labels, row.resynchronisations)
    sink.record(MetricCatalogue.books, labels: labels, row.booksTotal)
    sink.record(MetricCatalogue.bookSynchronised, labels: labels, row.booksSynchronised)
    if let last = row.lastMessageTime {
      sink.record(MetricCatalogue.lastMessageAge, labels: labels, Double(now.nanoseconds(since: last)) / 1e9)
    }
    for session in sessions {
      for (kind, count) in session.statistics.failuresByKind {
        sink.record(MetricCatalogue.decodeFailures, labels: labels + [kind.rawValue], count)
      }
      for book in session.books {
        sink.record(MetricCatalogue.checkpoints, labels: ["matched"], book.statistics.checkpointsMatched)
        sink.record(MetricCatalogue.checkpoints, labels: ["mismatched"], book.statistics.checkpointsMismatched)
      }
    }
  }
}
