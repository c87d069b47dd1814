import AdminProtocol
import AdminSocket
import Agent
import ArgumentParser
import Glibc
import HTTPAPI
import Logging
import NIOCore
import NIOPosix
import ServiceNotification
import Settings

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
  private let signals: SignalReceiver
  private let notifier: ServiceNotifier
  private let group: any EventLoopGroup

  /// Makes everything and opens nothing.
  ///
  /// - Parameters:
  ///   - signals: trapped before the configuration was read, so that no change of it and no wish to end is missed.
  ///   - service: where the service manager is to be found, if one started this process.
  init(start: CollectorAgent.Start, signals: SignalReceiver, service: ServiceEnvironment = ServiceEnvironment()) {
    self.signals = signals
    settings = start.settings
    let control = LogControl(level: Logger.Level(rawValue: start.settings.collector.logLevel.rawValue) ?? .info)
    logControl = control
    func logger(_ label: String) -> Logger {
      Logger(label: label) { ConsoleLogHandler(label: $0, control: control) }
    }
    self.logger = logger("main")
    let notifier = ServiceNotifier(service)
    self.notifier = notifier
    var start = start
    start.reloadObserver = { notice in
      switch notice {
      case .began: notifier.reloadBegan()
      case .ended(_, let summary): notifier.reloadEnded(status: summary)
      }
    }
    let group = MultiThreadedEventLoopGroup.singleton
    self.group = group
    agent = CollectorAgent(start: start, group: group, logControl: control)
    http = HTTPAPIServer(
      address: settings.http.address, port: settings.collector.httpPort, tokenFile: settings.http.tokenFile,
      service: agent, group: group, logger: logger("http"))
    admin = AdminSocketServer(
      configuration: AdminSocketConfiguration(settings.admin, version: start.version), handler: agent, group: group,
      logger: logger("admin"))
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
    await agent.add(component: HTTPReloadComponent(server: http))
    await agent.add(component: AdminReloadComponent(server: admin))
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
    signals.start(reloading: agent, logger: logger)
    let reports = ServiceReports(
      notifier: notifier, agent: agent, probe: LivenessProbe(agent: agent, group: group), logger: logger)
    let (ending, watchdog) = await withTaskGroup(
      of: Ending?.self, returning: (Ending, Task<Void, Never>?).self
    ) { group in
      group.addTask { await waitForEnd() }
      group.addTask { await waitForShutdown() }
      group.addTask { await start() }
      group.addTask {
        await reports.run()
        return nil
      }
      group.addTask {
        await meanwhile()
        return nil
      }
      defer { group.cancelAll() }
      while let ended = await group.next() {
        guard let ending = ended else { continue }
        // Here, and not after the group, which waits for its children: one of them may ask a part that never answers.
        return (ending, announce(ending))
      }
      return (.asked("cancelled"), nil)
    }
    await stop()
    watchdog?.cancel()
    logger.info("stopped")
    if case .unavailable = ending { throw Exit.unavailable }
  }

  /// Says why it ends, and sees to it that it does.
  ///
  /// - Returns: what ends the process when not everything can be closed in time.
  private func announce(_ ending: Ending) -> Task<Void, Never> {
    let status: ExitCode
    switch ending {
    case .asked(let reason):
      logger.info("stopping", metadata: ["reason": "\(reason)"])
      notifier.stopping(reason: reason)
      status = ExitCode.success
    case .unavailable(let reason):
      StandardStreams.error("marketprism-collector: \(reason)")
      notifier.stopping(reason: reason)
      status = Exit.unavailable
    }
    return Task.detached { [logger] in
      do { try await Task.sleep(for: Self.stopTimeout) } catch { return }
      logger.error("not everything could be closed in time")
      exit(status.rawValue)
    }
  }

  /// Why a run ends.
  private enum Ending: Sendable {
    /// It was asked to: by a signal, say.
    case asked(String)
    /// Required NATS was not reached; the line says why.
    case unavailable(String)
  }

  private func waitForEnd() async -> Ending? {
    for await reason in signals.ends { return .asked(reason) }
    return nil
  }

  /// `shutdown` on the admin socket.
  private func waitForShutdown() async -> Ending? {
    for await who in agent.shutdownRequests { return .asked("shutdown by \(who)") }
    return nil
  }

  /// Until NATS has come or may be missing, the start is not over.
  private func start() async -> Ending? {
    if let reason = await agent.waitForRequiredNATS() { return .unavailable(reason) }
    if !Task.isCancelled { notifier.ready(status: await agent.status().line) }
    return nil
  }

  /// Closes everything.
  private func stop() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await admin.stop() }
      group.addTask { await http.stop() }
      group.addTask { await agent.stop(timeout: .seconds(2)) }
    }
  }
}

extension CollectorAgent {
  fileprivate func addMetrics(of http: HTTPAPIServer) { http.addCounts(to: registry) }
}
