import AdminProtocol
import AdminSocket
import Agent
import ArgumentParser
import Glibc
import HTTPAPI
import Logging
import NIOCore
import NIOPosix
import Settings
import UnixSignals

/// The agent with its listeners, from the first port opened to the last socket closed.
///
/// 1. `open`: the HTTP port and the admin socket answer. 2. `runUntilStopped`: NATS and the exchanges are dialled; a
/// signal, or required NATS that does not come, ends it; everything is closed within ``stopTimeout``.
struct Daemon {
  /// From the signal to the end of the process.
  static let stopTimeout = Duration.seconds(4)

  let agent: CollectorAgent
  let logControl: LogControl
  private let http: HTTPAPIServer
  private let admin: AdminSocketServer
  private let logger: Logger
  private let settings: CollectorSettings
  private let signals: UnixSignalsSequence

  /// Makes everything; from here on a signal ends the daemon cleanly, as soon as it runs.
  init(start: CollectorAgent.Start) async {
    // Before anything listens: whoever finds the port or the socket may end the daemon the same moment.
    signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    settings = start.settings
    let control = LogControl(level: Logger.Level(rawValue: start.settings.collector.logLevel.rawValue) ?? .info)
    logControl = control
    func logger(_ label: String) -> Logger {
      Logger(label: label) { ConsoleLogHandler(label: $0, control: control) }
    }
    self.logger = logger("main")
    let group = MultiThreadedEventLoopGroup.singleton
    agent = CollectorAgent(start: start, group: group, logControl: control)
    http = HTTPAPIServer(
      address: settings.http.address, port: settings.collector.httpPort, service: agent, group: group,
      logger: logger("http"))
    admin = AdminSocketServer(
      configuration: Self.adminConfiguration(settings.admin, version: start.version), handler: agent, group: group,
      logger: logger("admin"))
  }

  private static func adminConfiguration(
    _ settings: CollectorSettings.Admin, version: String
  ) -> AdminSocketConfiguration {
    var limits = AdminSocketLimits()
    limits.connections = settings.connections
    limits.input.lineBytes = settings.lineBytes
    limits.unsentBytes = settings.outputBytes
    limits.firstByte = settings.firstByteTimeout
    limits.idle = settings.idleTimeout
    limits.input.arguments = settings.arguments
    limits.input.payloadBytes = settings.payloadBytes
    limits.interactiveIdle = settings.interactiveIdleTimeout
    limits.command = settings.commandTimeout
    limits.reload = settings.reloadTimeout
    let rules = [(Role.operator, settings.roles.operator), (Role.viewer, settings.roles.viewer)].map { role, members in
      RoleRule(role: role, users: members.users, groups: members.groups)
    }
    return AdminSocketConfiguration(path: settings.socket, version: version, roles: rules, limits: limits)
  }

  /// Opens the HTTP port and the admin socket.
  ///
  /// - Returns: the HTTP port that is open.
  /// - Throws: exit status 69, after one line that says what is in the way.
  @discardableResult
  func open() async throws -> Int {
    let port: Int
    do {
      port = try await http.start()
    } catch {
      StandardStreams.error("marketprism-collector: \(error)")
      await agent.stop(timeout: .zero)
      throw Exit.unavailable
    }
    do {
      try await admin.start()
    } catch {
      StandardStreams.error("marketprism-collector: \(error)")
      await http.stop()
      await agent.stop(timeout: .zero)
      throw Exit.unavailable
    }
    await agent.addMetrics(of: http)
    logger.info(
      "listening", metadata: ["http": "\(settings.http.address):\(port)", "admin": "\(settings.admin.socket)"])
    return port
  }

  /// Dials NATS and the exchanges and runs until a signal comes or NATS, being required, is not reached in time.
  ///
  /// - Parameter meanwhile: runs beside it and is cancelled at the end.
  /// - Throws: exit status 69 when required NATS was not reached.
  func runUntilStopped(meanwhile: @escaping @Sendable () async -> Void = {}) async throws {
    await agent.begin()
    let ending = await withTaskGroup(of: Ending?.self) { group in
      group.addTask { await waitForSignal() }
      group.addTask {
        // NATS that came, or may be missing, is no reason to end.
        await agent.waitForRequiredNATS().map(Ending.unavailable)
      }
      group.addTask {
        await meanwhile()
        return nil
      }
      defer { group.cancelAll() }
      while let ended = await group.next() {
        if let ending = ended { return ending }
      }
      return .stopped
    }
    switch ending {
    case .stopped: await stop(status: ExitCode.success)
    case .unavailable(let reason):
      StandardStreams.error("marketprism-collector: \(reason)")
      await stop(status: Exit.unavailable)
      throw Exit.unavailable
    }
  }

  /// Why a run ends.
  private enum Ending: Sendable {
    /// It was asked to.
    case stopped
    /// Required NATS was not reached; the line says why.
    case unavailable(String)
  }

  private func waitForSignal() async -> Ending? {
    for await signal in signals {
      guard signal == .sighup else {
        logger.info("stopping", metadata: ["signal": "\(signal)"])
        return .stopped
      }
      let caller = Caller(uid: getuid(), gid: getgid(), pid: getpid(), role: .admin, origin: .signal)
      let reply = await agent.reload(caller: caller, output: .none)
      for line in reply.body { logger.notice("reload: \(line)") }
      if let error = reply.error { logger.error("reload refused: \(error.message)") }
    }
    return nil
  }

  /// Closes everything; what cannot be closed in time does not keep the process.
  private func stop(status: ExitCode) async {
    let watchdog = Task.detached { [logger] in
      do { try await Task.sleep(for: Self.stopTimeout) } catch { return }
      logger.error("not everything could be closed in time")
      exit(status.rawValue)
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await admin.stop() }
      group.addTask { await http.stop() }
      group.addTask { await agent.stop(timeout: .seconds(2)) }
    }
    watchdog.cancel()
    logger.info("stopped")
  }
}

extension CollectorAgent {
  fileprivate func addMetrics(of http: HTTPAPIServer) { http.addCounts(to: registry) }
}
