public import Agent
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// The HTTP API of one agent.
///
/// 1. ``start()`` opens the port and returns; from then on requests are answered, whatever state the agent is in.
/// 2. ``HTTPReloadComponent`` moves it to another port or address while it runs. 3. ``stop()`` closes the port, lets
/// requests under way finish within a bound, then closes what is left.
///
/// A server is started once. What it counts outlives the ports it moves between.
public final class HTTPAPIServer: Sendable {
  private enum Phase { case initial, starting, running, stopped }

  private struct State {
    var phase = Phase.initial
    /// Where new callers arrive.
    var current: HTTPListener?
    /// All that are open or being drained.
    var listeners: [HTTPListener] = []
  }

  private let address: String
  private let port: Int
  let limits: HTTPLimits
  let group: any EventLoopGroup
  let logger: Logger
  let responder: APIResponder
  private let state = Mutex(State())

  /// Creates a server that does nothing yet.
  ///
  /// - Parameters:
  ///   - address: a host name or a numeric address of this machine.
  ///   - port: 0 lets the system choose.
  ///   - tokenFile: the file with the token that changing requests must carry; without one they are refused.
  ///   - service: what is asked for every value.
  ///   - limits: the bounds.
  ///   - group: the event loops of the connections.
  ///   - logger: where failures and changing requests go; reading requests are not logged.
  public init(
    address: String, port: Int, tokenFile: String? = nil, service: any CollectorService,
    limits: HTTPLimits = HTTPLimits(), group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup, logger: Logger
  ) {
    self.address = address
    self.port = port
    self.limits = limits
    self.group = group
    self.logger = logger
    responder = APIResponder(service: service, limits: limits, tokenFile: tokenFile, logger: logger)
  }

  /// How many requests got which status so far, for the metrics page.
  public var requestCounts: [(status: Int, count: Int)] { responder.requestCounts }

  /// Opens the port.
  ///
  /// - Returns: the port that is open.
  /// - Throws: ``HTTPStartError`` when the port is in use or cannot be opened, or the token file holds no token.
  public func start() async throws(HTTPStartError) -> Int {
    let mayStart = state.withLock { state in
      guard case .initial = state.phase else { return false }
      state.phase = .starting
      return true
    }
    guard mayStart else { throw HTTPStartError.notStartable("the HTTP server was started or stopped before") }
    do throws(HTTPStartError) {
      try await checkToken()
      let (listener, port) = try await open(address: address, port: port)
      makeCurrent(listener)
      return port
    } catch {
      state.withLock { $0.phase = .stopped }
      throw error
    }
  }

  private func checkToken() async throws(HTTPStartError) {
    guard let file = responder.tokenFile else { return }
    do throws(TokenFileError) {
      if try await BearerToken.read(file).isPublic {
        logger.warning("http.token_file can be read by every user of this machine", metadata: ["file": "\(file)"])
      }
    } catch {
      throw HTTPStartError(reason: .badToken, description: "cannot use http.token_file: \(error)")
    }
  }

  /// Closes the port and every connection, within the limits' ``HTTPLimits/stopDeadline`` and a moment.
  public func stop() async {
    let listeners = state.withLock { state in
      state.phase = .stopped
      state.current = nil
      return state.listeners
    }
    await withTaskGroup(of: Void.self) { group in
      for listener in listeners { group.addTask { [limits] in await listener.close(within: limits.stopDeadline) } }
    }
  }
}

/// What a reload does with it.
extension HTTPAPIServer {
  /// The listener that new callers reach.
  var current: HTTPListener? { state.withLock { $0.current } }

  /// Opens one more listener; it answers at once.
  func open(address: String, port: Int) async throws(HTTPStartError) -> (listener: HTTPListener, port: Int) {
    let listener = HTTPListener(
      address: address, port: port, responder: responder, limits: limits, group: group, logger: logger,
      onEnd: { [weak self] listener in self?.forget(listener) })
    let mayOpen = state.withLock { state in
      guard state.phase == .starting || state.phase == .running else { return false }
      state.listeners.append(listener)
      return true
    }
    guard mayOpen else { throw HTTPStartError.notStartable("the HTTP server is not running") }
    do throws(HTTPStartError) {
      return (listener, try await listener.open())
    } catch {
      forget(listener)
      throw error
    }
  }

  /// From now on this is the listener that new callers are to reach.
  func makeCurrent(_ listener: HTTPListener) {
    state.withLock { state in
      guard state.phase != .stopped else { return }
      state.phase = .running
      state.current = listener
    }
  }

  /// Closes a listener without waiting for it: a request under way on it may be the very one that asked for the change.
  func retire(_ listener: HTTPListener) {
    let limit = limits.drainDeadline
    Task { await listener.close(within: limit) }
  }

  private func forget(_ listener: HTTPListener) {
    state.withLock { state in state.listeners.removeAll { $0 === listener } }
  }
}
