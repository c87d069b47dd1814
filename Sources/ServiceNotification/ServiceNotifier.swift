import Glibc
import Synchronization

/// Tells the service manager (systemd) what the collector is about. Without a manager every call does nothing.
///
/// Any thread may call; no call waits.
public final class ServiceNotifier: Sendable {
  private struct State: ~Copyable {
    var machine = ServiceStateMachine()
    var socket: NotifySocket?
    var unsent = 0
  }

  private let state: Mutex<State>
  /// How often a sign of life is to be given: half of what the manager allows; nil when it awaits none.
  public let watchdogInterval: Duration?

  /// A notifier towards the manager that the environment names.
  public init(_ environment: ServiceEnvironment) {
    let hasSocket = environment.notifySocket != nil
    state = Mutex(State(socket: environment.notifySocket.flatMap { NotifySocket(path: $0) }))
    watchdogInterval = hasSocket ? environment.watchdog.map { $0 / 2 } : nil
  }

  /// Messages the manager did not take.
  public var unsent: Int { state.withLock { $0.unsent } }

  /// The collector is ready: its configuration is committed and what it requires is there.
  public func ready(status: String) { send { $0.ready(status: status) } }

  /// What is under way (the start, a reload) takes longer. To be repeated every five seconds.
  public func takesLonger() { send { $0.takesLonger() } }

  /// A reload begins now.
  public func reloadBegan() {
    let now = Self.monotonicMicroseconds()
    send { $0.reloadBegan(microseconds: now) }
  }

  /// The reload is over; the text says with what outcome.
  public func reloadEnded(status: String) { send { $0.reloadEnded(status: status) } }

  /// What the collector does now, in a line.
  public func status(_ text: String) {
    let now = ContinuousClock.now
    send { $0.status(text, at: now) }
  }

  /// The loops that do the work turn.
  public func alive() { send { _ in .alive } }

  /// The end begins.
  public func stopping(reason: String) { send { $0.stopping(reason: reason) } }

  /// Under the lock, so that messages leave in the order the machine gave them.
  private func send(_ input: (inout ServiceStateMachine) -> ServiceMessage?) {
    state.withLock { state in
      guard let message = input(&state.machine) else { return }
      guard let error = state.socket?.send(message) else { return }
      if error != 0 { state.unsent += 1 }
    }
  }

  private static func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(clamping: time.tv_sec) * 1_000_000 + UInt64(clamping: time.tv_nsec) / 1000
  }
}
