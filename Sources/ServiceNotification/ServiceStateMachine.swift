/// What the service manager is told, and when: the order of `READY`, `RELOADING` and `STOPPING`, and how often the status.
///
/// 1. Starting: only that it takes longer. 2. ``ready(status:)``: `READY=1`, once. 3. A reload: `RELOADING=1`, then
/// `READY=1`, whatever came of it. 4. ``stopping(reason:)``: `STOPPING=1`, and no word after it but signs of life.
struct ServiceStateMachine: Sendable {
  private enum State {
    case starting
    case running
    case reloading
    case stopping
  }

  /// Signs that something takes longer come at least three times within what they ask for.
  static let moreTime = Duration.seconds(15)
  /// Between two changes of the status text.
  static let statusInterval = Duration.seconds(1)

  private var state = State.starting
  private var lastStatus = ""
  private var lastStatusAt: ContinuousClock.Instant?

  /// The start or the reload under way needs more time. Nothing is said while nothing is under way.
  func takesLonger() -> ServiceMessage? {
    switch state {
    case .starting, .reloading: .extend(by: Self.moreTime)
    case .running, .stopping: nil
    }
  }

  /// The configuration is committed and what it requires is there.
  mutating func ready(status: String) -> ServiceMessage? {
    guard state == .starting else { return nil }
    state = .running
    lastStatus = status
    return .ready(status: status)
  }

  /// A reload begins. Before the first `READY=1` the manager would take it for the end of the start.
  mutating func reloadBegan(microseconds: UInt64) -> ServiceMessage? {
    guard state == .running else { return nil }
    state = .reloading
    return .reloading(microseconds: microseconds)
  }

  /// The reload is over, with or without success.
  mutating func reloadEnded(status: String) -> ServiceMessage? {
    guard state == .reloading else { return nil }
    state = .running
    lastStatus = status
    return .ready(status: status)
  }

  /// What the service does now. The same again, or sooner than ``statusInterval``, says nothing.
  mutating func status(_ text: String, at now: ContinuousClock.Instant) -> ServiceMessage? {
    guard state == .starting || state == .running, text != lastStatus else { return nil }
    if let lastStatusAt, now - lastStatusAt < Self.statusInterval { return nil }
    lastStatus = text
    lastStatusAt = now
    return .status(text)
  }

  /// The end begins.
  mutating func stopping(reason: String) -> ServiceMessage? {
    guard state != .stopping else { return nil }
    state = .stopping
    return .stopping(status: "stopping: " + reason)
  }
}
