import AdminProtocol
import Feeds

/// `wait`: returns as soon as something holds.
extension CollectorAgent {
  /// Between two looks.
  private static let waitInterval = Duration.milliseconds(100)

  /// What may be waited for.
  enum Awaited: String {
    /// As `health ready` says.
    case ready
    /// Every session that is not paused is open, and NATS is up unless it may be missing.
    case connected
    /// Draining: every session is closed and nothing waits to be delivered or confirmed.
    case drained
  }

  func waitReply(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    guard let awaited = call.text("for").flatMap(Awaited.init(rawValue:)), let seconds = call.integer("SECONDS") else {
      return .failure(ProtocolError(.badArgument, "what to wait for, and for how long, is missing"))
    }
    let began = ContinuousClock.now
    let deadline = began + .seconds(seconds)
    var said: String?
    while true {
      guard let missing = await missing(for: awaited) else {
        let waited = (ContinuousClock.now - began).wholeNanoseconds / 1_000_000
        return Reply(fields: [ReplyField(awaited.rawValue, "yes"), ReplyField("waited_ms", String(waited))])
      }
      guard ContinuousClock.now < deadline, !Task.isCancelled else {
        return .failure(
          ProtocolError(
            .timeout, "not \(awaited.rawValue) after \(seconds) s: \(missing)",
            fields: [ReplyField(awaited.rawValue, "no")]))
      }
      if missing != said { output.progress("waiting: \(missing)") }
      said = missing
      try? await Task.sleep(for: min(Self.waitInterval, deadline - ContinuousClock.now))
    }
  }

  /// What keeps it from holding; nil when it holds.
  private func missing(for awaited: Awaited) async -> String? {
    switch awaited {
    case .ready:
      let report = await health()
      guard !report.ready else { return nil }
      let failing = report.checks.filter { $0.status == .fail }.map { "\($0.name): \($0.observedValue)" }
      return failing.isEmpty ? report.state.rawValue : failing.joined(separator: "; ")
    case .connected: return await missingConnections()
    case .drained: return await missingForDrained()
    }
  }

  private func missingConnections() async -> String? {
    // Nothing is connected where everything is paused, however long one waits.
    guard feeds.contains(where: { !$0.isPaused }) else { return "every entry is paused" }
    var missing: [String] = []
    for feed in feeds where !feed.isPaused {
      for session in await feed.reports() where !session.isConnected {
        missing.append("\(session.name) \(session.state)" + (session.lastDisconnect.map { " (\($0))" } ?? ""))
      }
    }
    if policy.requirement == .required, !delivery.status.isUp { missing.append("nats \(delivery.status.state)") }
    return missing.isEmpty ? nil : missing.joined(separator: ", ")
  }
}
