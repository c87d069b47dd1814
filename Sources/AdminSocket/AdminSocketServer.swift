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
/// 3. ``AdminReloadComponent`` changes roles and limits while it runs.
/// 4. ``stop()`` refuses what is not answered, closes all connections and removes the socket.
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
  private let inForce: Mutex<AdminAccess>

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
    inForce = Mutex(AdminAccess(roles: RoleTable([], ownUID: geteuid()), limits: configuration.limits))
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
      await update(await AdminAccess.resolve(roles: configuration.roles, limits: configuration.limits))
      for name in access.roles.unknownNames {
        logger.warning("admin role names nobody", metadata: ["name": "\(name)"])
      }
      let file = try await NIOThreadPool.singleton.runIfActive {
        try SocketFile.listen(at: configuration.path, backlog: 64)
      }
      do {
        let channel = try await bootstrap().withBoundSocket(file.descriptor).get()
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

  /// The roles and limits in force.
  var access: AdminAccess { inForce.withLock { $0 } }

  /// Puts other roles and limits in force: roles for the next request of every connection; times and the bound of unread
  /// output too; the bounds of lines, arguments and payloads for new connections.
  ///
  /// Returns when every connection has heard of it: a request sent after that meets the new access.
  func update(_ access: AdminAccess) async {
    inForce.withLock { $0 = access }
    registry.update(access.limits)
    // A connection that is not among these yet reads the access after it has registered.
    for channel in registry.channels {
      try? await channel.eventLoop.submit {
        channel.pipeline.fireUserInboundEventTriggered(AccessChanges(access: access))
      }.get()
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

  private func bootstrap() -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      // «End of input» means «answer what I sent, then close».
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { [self] channel in
        channel.eventLoop.makeCompletedFuture { try self.serve(channel, try PeerCredentials.of(channel)) }
      }
  }

  /// Runs on the channel's event loop, where a change of access arrives after it or is seen here.
  private func serve(_ channel: any Channel, _ peer: PeerCredentials) throws {
    let hadRole = access.roles.role(uid: peer.uid, groups: peer.groups) != nil
    let admission = registry.admit(channel, isRoot: peer.uid == 0, hasRole: hadRole)
    if admission == .cut { throw ChannelError.ioOnClosedChannel }
    // Read again: a change that came before the admission did not find this connection among those to be told.
    let access = access
    let role = access.roles.role(uid: peer.uid, groups: peer.groups)
    let handler = handler
    // Who has no role gets no further than to be told so.
    let machine = ConnectionMachine(
      caller: Caller(uid: peer.uid, gid: peer.gid, pid: peer.pid, role: role ?? .viewer), limits: access.limits,
      surroundings: .init(
        version: configuration.version, generation: { handler.generation }, promptState: { handler.promptState }),
      refusal: role == nil ? .noRole(uid: peer.uid) : admission == .refused ? noRoom(access.limits) : nil)
    if role == nil { audit(strangerAt: peer) }
    try channel.pipeline.syncOperations.addHandler(
      ConnectionHandler(machine: machine, groups: peer.groups, handler: handler, registry: registry, logger: logger))
  }

  private func noRoom(_ limits: AdminSocketLimits) -> ProtocolError {
    ProtocolError(.tooManyConnections, "\(limits.connections) connections are open already")
  }

  /// Written whatever the log level is set to, as audit lines are.
  private func audit(strangerAt peer: PeerCredentials) {
    var audit = logger
    audit.logLevel = .info
    audit.notice("admin connection refused: no role", metadata: ["pid": "\(peer.pid)", "uid": "\(peer.uid)"])
  }
}

extension ProtocolError {
  /// No rule names the caller, and viewers are named.
  static func noRole(uid: UInt32) -> ProtocolError {
    ProtocolError(.forbidden, "uid \(uid) has no role here; admin.roles names who has one")
  }
}
