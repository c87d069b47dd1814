import AdminProtocol
import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Serves the admin line protocol on a Unix socket.
///
/// Lifecycle:
/// 1. ``start()`` looks the roles' names up, binds the socket and listens; it throws when that cannot be.
/// 2. Each connection gets a role from the kernel's credentials of its peer, and one command at a time is run.
/// 3. ``stop()`` refuses what is not answered, closes all connections and removes the socket.
public final class AdminSocketServer: Sendable {
  private enum State {
    case idle
    case starting
    case listening(any Channel, SocketFile)
    case stopped
  }

  private let configuration: AdminSocketConfiguration
  private let handler: any CommandHandler
  private let group: any EventLoopGroup
  private let logger: Logger
  private let registry: ConnectionRegistry
  private let state = Mutex(State.idle)

  /// Makes a server that does not listen yet.
  ///
  /// - Parameter group: Must outlive ``stop()``.
  public init(
    configuration: AdminSocketConfiguration, handler: any CommandHandler, group: any EventLoopGroup, logger: Logger
  ) {
    self.configuration = configuration
    self.handler = handler
    self.group = group
    self.logger = logger
    registry = ConnectionRegistry(limits: configuration.limits)
  }

  /// What has been done and lost so far.
  public var counters: AdminSocketCounters { registry.counters }

  /// Begins to serve. Can be called once.
  ///
  /// Errors: ``AdminSocketError`` with the path and what is wrong with it.
  public func start() async throws {
    try state.withLock { state in
      guard case .idle = state else { throw AdminSocketError(configuration.path, "was started before") }
      state = .starting
    }
    do {
      let configuration = configuration
      let (roles, file) = try await NIOThreadPool.singleton.runIfActive {
        let roles = RoleTable(configuration.roles, ownUID: geteuid())
        return (roles, try SocketFile.listen(at: configuration.path, backlog: 64))
      }
      for name in roles.unknownNames {
        logger.warning("admin role names nobody", metadata: ["name": "\(name)"])
      }
      do {
        let channel = try await bootstrap(roles).withBoundSocket(file.descriptor).get()
        state.withLock { $0 = .listening(channel, file) }
      } catch {
        file.remove()
        throw error
      }
    } catch {
      state.withLock { $0 = .stopped }
      throw error
    }
  }

  /// Ends all connections and removes the socket; takes 3 s at most. Does nothing when not started.
  public func stop() async {
    let before = state.withLock { state in
      defer { state = .stopped }
      return state
    }
    guard case .listening(let channel, let file) = before else { return }
    registry.stop()
    file.remove()
    try? await channel.close()
    for channel in registry.channels { channel.pipeline.fireUserInboundEventTriggered(ServerStops()) }
    if await !isQuiet(within: .seconds(2)) {
      for channel in registry.channels { channel.close(promise: nil) }
      if await !isQuiet(within: .seconds(1)) { logger.warning("admin commands still run at the end") }
    }
  }

  private func isQuiet(within limit: Duration) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while !registry.isQuiet {
      if ContinuousClock.now >= deadline { return false }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return true
  }

  private func bootstrap(_ roles: RoleTable) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      // «End of input» means «answer what I sent, then close».
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { [self] channel in
        PeerCredentials.of(channel).flatMap { peer in
          self.role(of: peer, roles, on: channel.eventLoop).flatMapThrowing { role in
            try self.serve(channel, Caller(uid: peer.uid, gid: peer.gid, pid: peer.pid, role: role))
          }
        }
      }
  }

  private func role(of peer: PeerCredentials, _ roles: RoleTable, on loop: any EventLoop) -> EventLoopFuture<Role> {
    if let role = roles.fixedRole(uid: peer.uid) { return loop.makeSucceededFuture(role) }
    guard roles.needsGroups else {
      return loop.makeSucceededFuture(roles.role(uid: peer.uid, groups: [peer.gid]))
    }
    return NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
      roles.role(uid: peer.uid, groups: Accounts.groups(ofUID: peer.uid, gid: peer.gid))
    }
  }

  private func serve(_ channel: any Channel, _ caller: Caller) throws {
    let admission = registry.admit(channel, isRoot: caller.uid == 0)
    if admission == .cut { throw ChannelError.ioOnClosedChannel }
    let message = "\(configuration.limits.connections) connections are open already"
    let handler = handler
    let machine = ConnectionMachine(
      caller: caller, limits: configuration.limits,
      surroundings: .init(
        version: configuration.version, generation: { handler.generation }, promptState: { handler.promptState }),
      refusal: admission == .refused ? ProtocolError(.tooManyConnections, message) : nil)
    try channel.pipeline.syncOperations.addHandler(
      ConnectionHandler(machine: machine, caller: caller, handler: handler, registry: registry, logger: logger))
  }
}
