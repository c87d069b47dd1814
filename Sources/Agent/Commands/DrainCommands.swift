import AdminProtocol
import Feeds

/// `drain`, `undrain` and `shutdown`.
extension CollectorAgent {
  /// From the last connection closed to the last event confirmed.
  private static let settlingPatience = Duration.seconds(20)
  /// The reply reaches its caller before the listener closes.
  private static let shutdownDelay = Duration.milliseconds(100)

  /// Whether an operator has drained the collector.
  var isDrained: Bool { overrides[.drain] != nil }

  func drain(_ caller: Caller, _ output: CommandOutput) async -> Reply {
    let override = ActiveOverride(
      key: .drain, value: "true", by: caller.identity, reason: nil, setAt: WallClock.nanoseconds(), until: nil)
    let changed = overrides.set(override)
    if changed { events.emit(.overrideSet(override)) }
    held.holdAll(true)
    output.progress("closing the exchange connections")
    await settleFeeds()
    _ = await health()
    let deadline = ContinuousClock.now + Self.settlingPatience
    while let missing = await missingForDrained() {
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        var reply = Reply.failure(
          ProtocolError(.timeout, "not drained after \(Self.settlingPatience.text): \(missing); draining goes on"))
        reply.changed = changed
        return reply
      }
      output.progress(missing)
      try? await Task.sleep(for: .milliseconds(50))
    }
    return Reply(fields: [ReplyField("state", HealthState.draining.rawValue)], changed: changed)
  }

  func undrain() async -> Reply {
    let changed = isDrained
    await end(.drain, because: "ended by undrain")
    let report = await health()
    return Reply(fields: [ReplyField("state", report.state.rawValue)], changed: changed)
  }

  /// What keeps the collector from being drained; nil when it is.
  func missingForDrained() async -> String? {
    guard isDrained else { return "draining was not asked for" }
    var open: [String] = []
    for feed in roster.all {
      open += await feed.reports().filter { $0.isConnected || $0.state != "stopped" && $0.state != "idle" }.map(\.name)
    }
    guard open.isEmpty else { return "open: \(open.joined(separator: ", "))" }
    let waiting = delivery.unsettled
    return waiting > 0 ? "\(waiting) events not confirmed" : nil
  }

  func requestShutdown(_ caller: Caller) -> Reply {
    let continuation = shutdownContinuation
    events.emit(.shutdown(by: caller.identity))
    Task {
      try? await Task.sleep(for: Self.shutdownDelay)
      continuation.yield(caller.identity)
    }
    return Reply(fields: [ReplyField("state", "stopping")], changed: true)
  }
}
