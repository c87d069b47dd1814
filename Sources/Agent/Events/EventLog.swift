import Delivery
import Feeds
import Logging
import Synchronization

/// Takes what happens, from any thread: keeps it for those who watch, and logs it where nobody else does.
final class EventLog: Sendable {
  private struct State: Sendable {
    var ring = EventRing()
    /// Whether the link was last told to be up; it reports each try to dial.
    var linkWasUp: Bool?
  }

  private let state = Mutex(State())
  private let logger: Logger

  init(logger: Logger) { self.logger = logger }

  /// The number of the newest event.
  var newest: Int { state.withLock { $0.ring.newest } }

  /// What came after the event with this number.
  func after(_ number: Int) -> (entries: [EventRing.Entry], lost: Int) { state.withLock { $0.ring.after(number) } }

  /// Something happened.
  func emit(_ event: AgentEvent) {
    state.withLock { $0.ring.append(event, at: WallClock.now()) }
    if let level = event.level { logger.log(level: level, "\(event.name): \(event.text)") }
  }

  /// The link to NATS has changed, or tried again.
  func linkChanged(_ status: LinkStatus) {
    let isUp: Bool
    switch status.state {
    case .up: isUp = true
    case .down: isUp = false
    case .off, .connecting, .draining: return
    }
    let isNews = state.withLock { state in
      defer { state.linkWasUp = isUp }
      return state.linkWasUp != isUp
    }
    guard isNews else { return }
    emit(
      isUp
        ? .natsUp(server: status.serverURL ?? "") : .natsDown(reason: status.lastFailure?.description ?? "no answer"))
  }
}
