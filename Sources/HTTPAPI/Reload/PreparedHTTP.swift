import Agent
import Synchronization

/// A listener that is open beside the one in use, or a port that will be handed over.
final class PreparedHTTP: PreparedComponent {
  /// How the new listener comes to its port.
  enum Opening {
    /// It is open already.
    case beside(HTTPListener)
    /// The old one must close the port first.
    case handOver
  }

  private struct State {
    /// The new listener; nil when there is none, or none yet.
    var new: HTTPListener?
    /// Why the port could not be handed over.
    var failure: HTTPStartError?
  }

  /// How often the old address is tried when the port has to go back: nobody else should want it.
  private static let attempts = 20

  private let server: HTTPAPIServer
  private let old: HTTPListener
  private let place: HTTPPlace
  private let keyPath: String
  private let tokenFiles: (old: String?, new: String?)
  private let warnings: [String]
  private let isHandOver: Bool
  private let state: Mutex<State>

  init(
    server: HTTPAPIServer, old: HTTPListener, opening: Opening?, place: HTTPPlace, keyPath: String,
    tokenFiles: (old: String?, new: String?), warnings: [String]
  ) {
    self.server = server
    self.old = old
    self.place = place
    self.keyPath = keyPath
    self.tokenFiles = tokenFiles
    self.warnings = warnings
    var initial = State()
    if case .beside(let listener)? = opening { initial.new = listener }
    if case .handOver? = opening { isHandOver = true } else { isHandOver = false }
    state = Mutex(initial)
  }

  func commit() async {
    server.responder.tokenFile = tokenFiles.new
    if isHandOver { await handOver() }
    guard let new = state.withLock({ $0.new }) else { return }
    server.makeCurrent(new)
    logListening(new)
  }

  private func handOver() async {
    await old.closePort()
    do throws(HTTPStartError) {
      let (listener, _) = try await server.open(address: place.address, port: place.port)
      state.withLock { $0.new = listener }
    } catch {
      state.withLock { $0.failure = error }
    }
  }

  /// Asks the new listener for `/health/live` over its port.
  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] {
    let (new, failure) = state.withLock { ($0.new, $0.failure) }
    if let failure { throw ReloadFailure(component: "http", keyPath: keyPath, "\(failure)") }
    guard let new else { return warnings }
    guard let address = new.localAddress,
      await HTTPProbe.answers(at: address, group: server.group, until: deadline)
    else {
      throw ReloadFailure(
        component: "http", keyPath: keyPath, "\(place.address):\(place.port) is open and does not answer",
        isTimeout: true)
    }
    return warnings
  }

  func revert() async {
    server.responder.tokenFile = tokenFiles.old
    let new = state.withLock { $0.new }
    if isHandOver {
      await new?.closePort()
      await openOldAgain()
    } else if new != nil {
      server.makeCurrent(old)
      logListening(old)
    }
    if let new { server.retire(new) }
  }

  /// The old listener's connections stay with it; new ones come to another listener at the same place.
  private func openOldAgain() async {
    for attempt in 1...Self.attempts {
      do throws(HTTPStartError) {
        let (listener, _) = try await server.open(address: old.address, port: old.port)
        server.makeCurrent(listener)
        logListening(listener)
        return
      } catch {
        guard attempt == Self.attempts else {
          try? await Task.sleep(for: .milliseconds(50))
          continue
        }
        server.logger.critical(
          "the HTTP port is closed: it could be opened neither at the new address nor at the old again",
          metadata: ["reason": "\(error)"])
      }
    }
  }

  func discard() async {
    if let new = state.withLock({ $0.new }) { await new.close(within: server.limits.stopDeadline) }
  }

  func finish() async {
    if state.withLock({ $0.new != nil }) { server.retire(old) }
  }

  private func logListening(_ listener: HTTPListener) {
    let port = listener.localAddress?.port ?? listener.port
    server.logger.notice("listening", metadata: ["http": "\(listener.address):\(port)"])
  }
}
