import MarketData

extension MetricSink {
  /// The states of health that ``MetricFamily/healthState`` has a series for.
  private static let states: [HealthState] = [.starting, .ok, .degraded, .failing, .draining]

  /// Adds what a status report says. Decode failures by kind and events by type are not in it: whoever counts them
  /// adds them.
  public mutating func record(_ report: StatusReport) {
    record(.buildInfo, labels: [report.version], 1)
    record(.generation, report.generation)
    for row in report.exchanges {
      let labels = [row.exchange, row.market.rawValue, row.name]
      record(.messagesReceived, labels: labels, row.messagesReceived)
      record(.messagesProcessed, labels: labels, row.messagesProcessed)
      record(.sessionConnected, labels: labels, row.isConnected)
      record(.sessionReconnects, labels: labels, row.reconnectCount)
      record(.gaps, labels: labels, row.gaps)
      record(.resynchronisations, labels: labels, row.resynchronisations)
      record(.books, labels: labels, row.booksTotal)
      record(.bookSynchronised, labels: labels, row.booksSynchronised)
      // No series before the first message: an age that is not known must not read as zero.
      if let last = row.lastMessageTime {
        record(.lastMessageAge, labels: labels, Double(report.time.nanoseconds(since: last)) / 1_000_000_000)
      }
      if let lag = row.lagMS { record(.eventLag, labels: labels, Double(lag) / 1000) }
    }
    record(.natsConnected, report.nats.connected)
    record(.natsOptional, report.nats.optional)
    record(.outboxBytes, report.nats.pendingBytes)
  }

  /// Adds the state of health.
  public mutating func record(_ report: HealthReport) {
    for state in Self.states { record(.healthState, labels: [state.rawValue], state == report.state) }
  }

  /// Adds what became of the reloads. All outcomes from the first scrape on, so that a rate never starts from nothing.
  mutating func record(_ desk: ReloadDesk) {
    let machine = desk.machine
    for outcome in ReloadOutcome.allCases where outcome != .started {
      record(.reloads, labels: [outcome.rawValue], machine.history.counts[outcome] ?? 0)
    }
    for step in ReloadStep.allCases {
      record(.reloadGiveUps, labels: [step.rawValue], machine.giveUps[step] ?? 0)
    }
    record(.pendingRestart, machine.current.pending.count)
    record(.confirmationPending, machine.confirmation != nil)
    record(.lastGoodFailures, desk.lastGoodFailures)
  }
}
