import Delivery
import Feeds
import MarketData
import NIOPosix

extension CollectorAgent {
  /// The present status.
  public func status() async -> StatusReport {
    let now = WallClock.now()
    var rows: [StatusReport.Exchange] = []
    for feed in feeds {
      let reports = await feed.reports()
      rows.append(withoutFalling(Self.row(of: feed, reports)))
    }
    var report = StatusReport(
      startTime: startedAt, time: now, uptimeSeconds: Double(now.nanoseconds(since: startedAt)) / 1e9,
      generation: activeGeneration, version: start.version, running: !isDraining && !isDrained,
      health: published.withLock { $0.health }, exchanges: rows, nats: natsStatus(), configurationFile: start.file)
    report.reload = reloadStatus()
    report.drift = await driftText()
    report.overrides = activeOverrides.map(\.text)
    return report
  }

  /// The row with counters that go on where symbols and sessions have gone.
  private func withoutFalling(_ row: StatusReport.Exchange) -> StatusReport.Exchange {
    var row = row
    row.messagesReceived = counters.total("\(row.name) received", row.messagesReceived)
    row.messagesProcessed = counters.total("\(row.name) processed", row.messagesProcessed)
    row.errors = counters.total("\(row.name) errors", row.errors)
    row.reconnectCount = counters.total("\(row.name) reconnects", row.reconnectCount)
    row.gaps = counters.total("\(row.name) gaps", row.gaps)
    row.resynchronisations = counters.total("\(row.name) resynchronisations", row.resynchronisations)
    return row
  }

  /// Whether the files still say what is in force.
  private func driftText() async -> String? {
    guard let file = start.file else { return nil }
    let look = SettingsDrift.Question(
      file: file, known: loaded?.files ?? [], environment: start.environment, settings: settings,
      generation: activeGeneration)
    let before = drift
    let found = await GiveUp.after(Self.driftPatience) { () -> SettingsDrift? in
      try? await NIOThreadPool.singleton.runIfActive { before.looking(at: look) }
    }
    guard let after = found ?? nil else { return "the files could not be read in time" }
    drift = after
    return after.text
  }

  /// Files on a disk that hangs must not keep anybody waiting.
  private static let driftPatience = Duration.seconds(1)

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
    row.lagMS =
      sessions.flatMap { $0.statistics.arrivals.map(\.statistics) }.filter { $0.lastLagMS != nil }
      .max { $0.lastReceivedNS < $1.lastReceivedNS }?.lastLagMS
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
      var text =
        "\(active.requirement.rawValue) by uid \(active.uid) at \(Timestamp(nanoseconds: active.setAt).rfc3339)"
      if let until = active.until { text += " until \(Timestamp(nanoseconds: until).rfc3339)" }
      if let reason = active.reason { text += ": \(reason)" }
      return text
    }
  }

  /// All metrics in Prometheus' text format.
  public func prometheusText() async -> String { await registry.text() }

  /// Gives one scrape everything that is counted elsewhere.
  nonisolated func collect(into sink: inout MetricSink) async {
    sink.record(await status())
    sink.record(await health())
    sink.record(await desk)
    for feed in await feeds { Self.collect(feed, await feed.reports(), into: &sink) }
    let counters = delivery.counters
    for type in DataType.allCases {
      // Only the kinds of data that occur, but all outcomes of those, so that a rate never starts from nothing.
      guard DeliveryCounters.Outcome.allCases.contains(where: { counters.count(type, $0) > 0 }) else { continue }
      for outcome in DeliveryCounters.Outcome.allCases {
        sink.record(.events, labels: [type.rawValue, outcome.rawValue], Int(clamping: counters.count(type, outcome)))
      }
    }
  }

  private static func collect(_ feed: Feed, _ sessions: [SessionReport], into sink: inout MetricSink) {
    let labels = [
      feed.configuration.venue.name, feed.configuration.wish.market.rawValue, feed.configuration.name,
    ]
    for session in sessions {
      for (kind, count) in session.statistics.failuresByKind {
        sink.record(.decodeFailures, labels: labels + [kind.rawValue], count)
      }
      for book in session.books {
        sink.record(.checkpoints, labels: ["matched"], book.statistics.checkpointsMatched)
        sink.record(.checkpoints, labels: ["mismatched"], book.statistics.checkpointsMismatched)
      }
    }
  }
}
