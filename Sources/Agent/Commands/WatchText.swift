import MarketData

/// What `watch rates` counts at one moment.
package struct RateSample: Sendable {
  /// One exchange entry.
  package struct Row: Sendable {
    package var name: String
    package var received = 0
    package var events = 0

    package init(name: String, received: Int = 0, events: Int = 0) {
      self.name = name
      self.received = received
      self.events = events
    }
  }

  package var time: Timestamp
  package var rows: [Row] = []
  /// Events confirmed by NATS.
  package var published: UInt64
  package var sessions = 0
  package var sessionsUp = 0
  package var books = 0
  package var booksGood = 0
  /// The largest of all synchronised books' last change.
  package var lagMS: Int64?

  package init(time: Timestamp, published: UInt64) {
    self.time = time
    self.published = published
  }
}

/// The lines of `watch`.
package enum WatchText {
  /// State, readiness, and the checks that do not pass.
  static func line(_ report: HealthReport) -> String {
    var line = "state=\(report.state.rawValue) ready=\(report.ready ? "yes" : "no")"
    for (status, word) in [(HealthCheck.Status.fail, "fail"), (.warn, "warn")] {
      let names = report.checks.filter { $0.status == status }.map(\.name)
      if !names.isEmpty { line += " \(word)=\(names.joined(separator: ","))" }
    }
    return line
  }

  /// Rates a second between two samples: in all, and messages/events of each entry.
  package static func line(from old: RateSample, to new: RateSample) -> String {
    let nanoseconds = max(1, new.time.nanoseconds(since: old.time))
    // A connection or a link made anew may count anew: less than before is none.
    func rate(_ before: Int, _ after: Int) -> Int64 {
      Int64((Double(max(0, after - before)) * 1e9 / Double(nanoseconds)).rounded())
    }
    let before = Dictionary(old.rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var (received, events) = (Int64(0), Int64(0))
    var entries = ""
    for row in new.rows {
      let past = before[row.name] ?? RateSample.Row(name: row.name)
      let messages = rate(past.received, row.received)
      let handed = rate(past.events, row.events)
      received += messages
      events += handed
      entries += " \(row.name)=\(messages)/\(handed)"
    }
    let published = rate(Int(clamping: old.published), Int(clamping: new.published))
    return "\(new.time.rfc3339) received=\(received) events=\(events) published=\(published) "
      + "sessions=\(new.sessionsUp)/\(new.sessions) books=\(new.booksGood)/\(new.books)"
      + (new.lagMS.map { " lag_ms=\($0)" } ?? "") + entries
  }
}
