import Agent
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// One open port and its connections.
///
/// 1. ``open()`` binds and answers. 2. ``closePort()`` gives the port back; connections go on. 3. ``close(within:)`` ends
/// idle connections, lets requests under way finish within a bound and cuts off what is left. ``onEnd`` is told when the
/// last connection is gone. Each step is done once.
final class HTTPListener: Sendable {
  private enum State {
    case initial
    case opening
    case open(server: Server<HTTP1Channel>, port: any Channel, task: Task<Void, Never>)
    case closed
  }

  /// Where it listens, as configured.
  let address: String
  /// The port as configured; 0 lets the system choose.
  let port: Int
  private let limits: HTTPLimits
  private let group: any EventLoopGroup
  private let logger: Logger
  private let responder: APIResponder
  private let onEnd: @Sendable (HTTPListener) -> Void
  private let underWay = ConnectionsUnderWay()
  private let state = Mutex(State.initial)
  private let portIsClosed = Mutex(false)

  init(
    address: String, port: Int, responder: APIResponder, limits: HTTPLimits, group: any EventLoopGroup, logger: Logger,
    onEnd: @escaping @Sendable (HTTPListener) -> Void = { _ in }
  ) {
    self.address = address
    self.port = port
    self.limits = limits
    self.group = group
    self.logger = logger
    self.responder = responder
    self.onEnd = onEnd
  }

  /// Where it really listens; nil when it does not.
  var localAddress: SocketAddress? {
    state.withLock { if case .open(_, let port, _) = $0 { port.localAddress } else { nil } }
  }

  /// Opens the port.
  ///
  /// - Returns: the port that is open.
  /// - Throws: ``HTTPStartError`` when the port is in use or cannot be opened; nothing is open then.
  func open() async throws(HTTPStartError) -> Int {
    try Self.check(address: address, port: port)
    let mayOpen = state.withLock { state in
      guard case .initial = state else { return false }
      state = .opening
      return true
    }
    guard mayOpen else { throw HTTPStartError.notStartable("the HTTP server was started or stopped before") }
    let (outcomes, outcome) = AsyncStream.makeStream(of: Result<any Channel, HTTPStartError>.self)
    let server = makeServer { channel in outcome.yield(.success(channel)) }
    let task = Task { [address, port] in
      do {
        try await server.run()
        outcome.finish()
      } catch {
        outcome.yield(.failure(HTTPStartError(error, address: address, port: port)))
      }
      onEnd(self)
    }
    var iterator = outcomes.makeAsyncIterator()
    let first = await iterator.next()
    let isWanted = state.withLock { state in
      guard case .opening = state, case .success(let channel) = first else {
        state = .closed
        return false
      }
      state = .open(server: server, port: channel, task: task)
      return true
    }
    guard isWanted, case .success(let channel) = first else {
      if case .failure(let error) = first { throw error }
      await close(server, task, within: limits.stopDeadline)
      throw HTTPStartError.notStartable("the HTTP server was stopped while it started")
    }
    return channel.localAddress?.port ?? port
  }

  /// Stops listening and leaves the connections as they are. Callers whom the system has accepted and nobody has greeted
  /// yet are turned away.
  func closePort() async {
    let channel: (any Channel)? = state.withLock { if case .open(_, let port, _) = $0 { port } else { nil } }
    portIsClosed.withLock { $0 = true }
    try? await channel?.close()
  }

  /// Closes the port and every connection, within the limit and a moment.
  func close(within limit: Duration) async {
    let open: (Server<HTTP1Channel>, Task<Void, Never>)? = state.withLock { state in
      defer { state = .closed }
      guard case .open(let server, _, let task) = state else { return nil }
      return (server, task)
    }
    if let (server, task) = open { await close(server, task, within: limit) }
  }

  private func close(_ server: Server<HTTP1Channel>, _ task: Task<Void, Never>, within limit: Duration) async {
    let logger = logger
    let isExpected = portIsClosed.withLock { $0 }
    let graceful: Void? = await withDeadline(limit) {
      do {
        try await server.shutdownGracefully()
      } catch  where isExpected {
        // The port cannot be closed twice; the connections are being closed all the same.
      } catch {
        logger.warning("the HTTP port did not close cleanly", metadata: ["error": "\(error)"])
      }
      await task.value
    }
    if graceful == nil {
      logger.warning("HTTP requests were cut off by the end of the stop deadline")
      task.cancel()
      underWay.close()
      _ = await withDeadline(.seconds(1)) { await task.value }
    }
  }

  private static func check(address: String, port: Int) throws(HTTPStartError) {
    guard HTTPStartError.ports.contains(port) else {
      throw HTTPStartError(reason: .badAddress, description: "cannot open the HTTP port \(port): no such port")
    }
    guard !address.isEmpty else {
      throw HTTPStartError(reason: .badAddress, description: "cannot open the HTTP port \(port): the address is empty")
    }
  }

  private func makeServer(onOpen: @escaping @Sendable (any Channel) -> Void) -> Server<HTTP1Channel> {
    let (responder, underWay) = (responder, underWay)
    // Hummingbird logs each start at info; the collector has its own line for that.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return Server(
      childChannelSetup: HTTP1Channel(
        responder: { request, writer, channel in
          underWay.begin(channel)
          defer { underWay.end(channel) }
          try await responder.respond(to: request, writer, on: channel)
        },
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(limits.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100))),
      configuration: ServerConfiguration(
        address: .hostname(address, port: port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
      onServerRunning: onOpen, eventLoopGroup: group, logger: quiet)
  }
}
