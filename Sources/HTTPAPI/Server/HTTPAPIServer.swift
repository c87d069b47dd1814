public import Agent
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
import NIOPosix
import Synchronization

/// The HTTP API of one agent.
///
/// 1. ``start()`` opens the port and returns; from then on requests are answered, whatever state the agent is in.
/// 2. ``stop()`` closes the port, lets requests under way finish within a bound, then closes what is left.
///
/// A server is started once; another one is created to listen elsewhere.
public final class HTTPAPIServer: Sendable {
  private enum State {
    case initial
    case starting
    case running(server: Server<HTTP1Channel>, task: Task<Void, Never>)
    case stopped
  }

  private let address: String
  private let port: Int
  private let limits: HTTPLimits
  private let group: any EventLoopGroup
  private let logger: Logger
  private let responder: APIResponder
  private let state = Mutex(State.initial)

  /// Creates a server that does nothing yet.
  ///
  /// - Parameters:
  ///   - address: a host name or a numeric address of this machine.
  ///   - port: 0 lets the system choose.
  ///   - service: what is asked for every value.
  ///   - limits: the bounds.
  ///   - group: the event loops of the connections.
  ///   - logger: where failures go; single requests are not logged.
  public init(
    address: String, port: Int, service: any CollectorService, limits: HTTPLimits = HTTPLimits(),
    group: any EventLoopGroup = .singletonMultiThreadedEventLoopGroup, logger: Logger
  ) {
    self.address = address
    self.port = port
    self.limits = limits
    self.group = group
    self.logger = logger
    responder = APIResponder(service: service, limits: limits, logger: logger)
  }

  /// How many requests got which status so far, for the metrics page.
  public var requestCounts: [(status: Int, count: Int)] { responder.requestCounts }

  /// Opens the port.
  ///
  /// - Returns: the port that is open.
  /// - Throws: ``HTTPStartError`` when the port is in use or cannot be opened.
  public func start() async throws(HTTPStartError) -> Int {
    guard HTTPStartError.ports.contains(port) else {
      throw HTTPStartError(reason: .badAddress, description: "cannot open the HTTP port \(port): no such port")
    }
    guard !address.isEmpty else {
      throw HTTPStartError(reason: .badAddress, description: "cannot open the HTTP port \(port): the address is empty")
    }
    let mayStart = state.withLock { state in
      guard case .initial = state else { return false }
      state = .starting
      return true
    }
    guard mayStart else {
      throw HTTPStartError(reason: .notStartable, description: "the HTTP server was started or stopped before")
    }
    let (opened, opening) = AsyncStream.makeStream(of: Result<Int, HTTPStartError>.self)
    let server = makeServer { port in opening.yield(.success(port)) }
    let task = Task { [address, port] in
      do {
        try await server.run()
        opening.finish()
      } catch {
        opening.yield(.failure(HTTPStartError(error, address: address, port: port)))
      }
    }
    var outcomes = opened.makeAsyncIterator()
    let outcome = await outcomes.next()
    let isWanted = state.withLock { state in
      guard case .starting = state, case .success = outcome else {
        state = .stopped
        return false
      }
      state = .running(server: server, task: task)
      return true
    }
    guard isWanted, case .success(let opened) = outcome else {
      if case .failure(let error) = outcome { throw error }
      await close(server, task)
      throw HTTPStartError(reason: .notStartable, description: "the HTTP server was stopped while it started")
    }
    return opened
  }

  /// Closes the port and every connection, within the limits' ``HTTPLimits/stopDeadline`` and a moment.
  public func stop() async {
    let running: (Server<HTTP1Channel>, Task<Void, Never>)? = state.withLock { state in
      defer { state = .stopped }
      guard case .running(let server, let task) = state else { return nil }
      return (server, task)
    }
    if let (server, task) = running { await close(server, task) }
  }

  private func close(_ server: Server<HTTP1Channel>, _ task: Task<Void, Never>) async {
    let logger = logger
    let graceful: Void? = await withDeadline(limits.stopDeadline) {
      do {
        try await server.shutdownGracefully()
      } catch {
        logger.warning("the HTTP port did not close cleanly", metadata: ["error": "\(error)"])
      }
      await task.value
    }
    if graceful == nil {
      logger.warning("HTTP requests were cut off by the end of the stop deadline")
      task.cancel()
      responder.closeConnections()
      _ = await withDeadline(.seconds(1)) { await task.value }
    }
  }

  private func makeServer(onOpen: @escaping @Sendable (Int) -> Void) -> Server<HTTP1Channel> {
    let responder = responder
    // Hummingbird logs each start at info; the collector has its own line for that.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return Server(
      childChannelSetup: HTTP1Channel(
        responder: { request, writer, channel in try await responder.respond(to: request, writer, on: channel) },
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(limits.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100))),
      configuration: ServerConfiguration(
        address: .hostname(address, port: port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
      onServerRunning: { [port] channel in onOpen(channel.localAddress?.port ?? port) },
      eventLoopGroup: group, logger: quiet)
  }
}
