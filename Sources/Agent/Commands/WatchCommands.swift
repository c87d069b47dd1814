import AdminProtocol
import Feeds
import MarketData

/// `watch …`: lines as things happen, until the time is over or the caller leaves.
extension CollectorAgent {
  /// Between two looks at what may have changed.
  private static let watchInterval = Duration.milliseconds(100)
  /// Between two looks at the health, which asks every session.
  private static let healthInterval = Duration.milliseconds(250)
  /// Without `SECONDS`: a day, as the protocol allows.
  private static let longestWatch = 86400

  func watchReply(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    let seconds = call.integer("SECONDS") ?? Self.longestWatch
    let deadline = ContinuousClock.now + .seconds(seconds)
    switch call.text("what") {
    case "events": return await watchEvents(until: deadline, output)
    case "rates": return await watchRates(lines: seconds, output)
    default: return await watchHealth(until: deadline, output)
    }
  }

  private func watchEvents(until deadline: ContinuousClock.Instant, _ output: CommandOutput) async -> Reply {
    var seen = events.newest
    var (told, lost) = (0, 0)
    while true {
      let isOver = ContinuousClock.now >= deadline || Task.isCancelled
      let news = events.after(seen)
      if news.lost > 0 { output.line("lost: \(news.lost) events came faster than they could be shown") }
      for entry in news.entries { output.line("\(entry.time.rfc3339) \(entry.event.name) \(entry.event.text)") }
      seen = news.entries.last?.number ?? seen
      told += news.entries.count
      lost += news.lost
      if isOver { break }
      await sleep(Self.watchInterval, until: deadline)
    }
    return Reply(fields: [ReplyField("events", String(told)), ReplyField("lost", String(lost))])
  }

  private func watchHealth(until deadline: ContinuousClock.Instant, _ output: CommandOutput) async -> Reply {
    var last: String?
    var changes = -1
    while true {
      let isOver = ContinuousClock.now >= deadline || Task.isCancelled
      let report = await health()
      let line = WatchText.line(report)
      if line != last {
        output.line("\(report.time.rfc3339) \(line)")
        changes += 1
      }
      last = line
      if isOver {
        return Reply(fields: [ReplyField("state", report.state.rawValue), ReplyField("changes", String(changes))])
      }
      await sleep(Self.healthInterval, until: deadline)
    }
  }

  private func watchRates(lines wanted: Int, _ output: CommandOutput) async -> Reply {
    var previous = await rateSample()
    var next = ContinuousClock.now + .seconds(1)
    var lines = 0
    while lines < wanted, !Task.isCancelled {
      await sleep(.seconds(1), until: next)
      if Task.isCancelled { break }
      let sample = await rateSample()
      output.line(WatchText.line(from: previous, to: sample))
      previous = sample
      lines += 1
      // A second that came late does not make the next one shorter than it is; rates are by the clock in any case.
      next = max(next + .seconds(1), ContinuousClock.now + .milliseconds(500))
    }
    return Reply(fields: [ReplyField("lines", String(lines))])
  }

  private func sleep(_ interval: Duration, until deadline: ContinuousClock.Instant) async {
    let rest = deadline - ContinuousClock.now
    guard rest > .zero else { return }
    try? await Task.sleep(for: min(interval, rest))
  }

  private func rateSample() async -> RateSample {
    var sample = RateSample(time: WallClock.now(), published: delivery.counters.total(.published))
    for feed in feeds {
      let sessions = await feed.reports()
      var row = RateSample.Row(name: feed.configuration.name)
      for session in sessions {
        row.received += session.statistics.received
        row.events += session.events
        sample.sessions += 1
        sample.sessionsUp += session.isConnected ? 1 : 0
        sample.books += session.books.count
        sample.booksGood += session.books.count { $0.isSynchronised }
        for lag in session.books.filter(\.isSynchronised).compactMap(\.lagMS) {
          sample.lagMS = max(sample.lagMS ?? lag, lag)
        }
      }
      sample.rows.append(row)
    }
    return sample
  }
}
