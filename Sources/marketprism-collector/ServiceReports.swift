import Agent
import Logging
import ServiceNotification

/// Keeps the service manager informed while the daemon runs: the status line, that the start or a reload takes longer,
/// and signs of life, as long as everything that does the work answers.
struct ServiceReports: Sendable {
  let notifier: ServiceNotifier
  let agent: CollectorAgent
  let probe: LivenessProbe
  let logger: Logger

  /// Runs until it is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await status() }
      group.addTask { await moreTime() }
      if let interval = notifier.watchdogInterval { group.addTask { await signsOfLife(every: interval) } }
    }
  }

  private func status() async {
    while !Task.isCancelled {
      notifier.status(await agent.status().line)
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func moreTime() async {
    while !Task.isCancelled {
      notifier.takesLonger()
      try? await Task.sleep(for: .seconds(5))
    }
  }

  /// Half of the interval is for the answers: a part that is late once is not restarted for it.
  private func signsOfLife(every interval: Duration) async {
    while !Task.isCancelled {
      let silent = await probe.silentParts(within: interval / 2)
      if silent.isEmpty {
        notifier.alive()
      } else if !Task.isCancelled {
        logger.error("no sign of life: these do not answer", metadata: ["parts": "\(silent.joined(separator: ", "))"])
      }
      try? await Task.sleep(for: interval / 2)
    }
  }
}
