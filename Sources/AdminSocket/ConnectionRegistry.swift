import NIOCore
import Synchronization

/// The open connections of a server, its running commands and its counters.
final class ConnectionRegistry: Sendable {
  enum Admission {
    case served
    /// Is told why not: there are too many, or it has no role.
    case refused
    /// Is cut at once: even those being told are too many, or the server stops.
    case cut
  }

  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var served: Set<ObjectIdentifier> = []
    var commands = 0
    var stopping = false
    var limits: AdminSocketLimits
    var counters = AdminSocketCounters()
  }

  private let state: Mutex<State>
  /// Connections being told why they are not served.
  private static let refusedAtOnce = 64

  init(limits: AdminSocketLimits) { state = Mutex(State(limits: limits)) }

  /// Counts for who comes from now on.
  func update(_ limits: AdminSocketLimits) { state.withLock { $0.limits = limits } }

  func admit(_ channel: any Channel, isRoot: Bool, hasRole: Bool) -> Admission {
    let id = ObjectIdentifier(channel)
    let admission = state.withLock { state -> Admission in
      let room = hasRole ? state.limits.connections + (isRoot ? state.limits.connectionsForRoot : 0) : 0
      if state.stopping { return .cut }
      if state.served.count < room {
        state.served.insert(id)
        state.counters.connections += 1
      } else {
        state.counters.refusedConnections += 1
        if state.channels.count - state.served.count >= Self.refusedAtOnce { return .cut }
      }
      state.channels[id] = channel
      return state.served.contains(id) ? .served : .refused
    }
    if admission != .cut { channel.closeFuture.whenComplete { _ in self.forget(id) } }
    return admission
  }

  private func forget(_ id: ObjectIdentifier) {
    state.withLock { state in
      state.channels[id] = nil
      state.served.remove(id)
    }
  }

  func commandStarted() { state.withLock { $0.commands += 1 } }

  func commandEnded() { state.withLock { $0.commands -= 1 } }

  func count(_ event: ConnectionMachine.Event) { state.withLock { $0.counters.count(event) } }

  var counters: AdminSocketCounters { state.withLock { $0.counters } }

  /// No connection is open and no command runs.
  var isQuiet: Bool { state.withLock { $0.channels.isEmpty && $0.commands == 0 } }

  var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

  /// Admits nobody from now on.
  func stop() { state.withLock { $0.stopping = true } }
}
