import AdminProtocol
import Agent
import Glibc
import Logging
import Synchronization

/// Reloads asked for by signals: one runs, at most one waits, and any number of signals meanwhile is answered by that one.
final class SignalledReloads: Sendable {
  private enum State {
    case idle
    case running
    case runningAndWanted
  }

  private let agent: CollectorAgent
  private let logger: Logger
  private let state = Mutex(State.idle)

  init(agent: CollectorAgent, logger: Logger) {
    self.agent = agent
    self.logger = logger
  }

  /// Returns at once; what came of it is in the log.
  func request() {
    let isIdle = state.withLock { state in
      defer { state = state == .idle ? .running : .runningAndWanted }
      return state == .idle
    }
    guard isIdle else { return }
    Task.detached {
      repeat { await self.reload() } while self.takesAnother()
    }
  }

  private func takesAnother() -> Bool {
    state.withLock { state in
      state = state == .runningAndWanted ? .running : .idle
      return state == .running
    }
  }

  private func reload() async {
    let caller = Caller(uid: getuid(), gid: getgid(), pid: getpid(), role: .admin, origin: .signal)
    let reply = await agent.reload(caller: caller, output: .none)
    for line in reply.body { logger.notice("reload: \(line)") }
    if let error = reply.error {
      logger.error("reload refused: \(error.message)")
    } else if reply.changed == false {
      // Who asked with a signal has only the log to see that it was heard.
      logger.notice("reload: nothing has changed")
    }
  }
}
