import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A Binance on loopback: spot and USD-M, WebSocket streams and REST, on one port.
///
/// The life of a simulator:
/// 1. `start()` opens the recording, if there is one, binds the port and starts the market's clock.
/// 2. Connections are served on one event loop until `stop()`; faults and the rate may be changed meanwhile.
/// 3. `stop()` says goodbye to every connection and closes the port. A stopped simulator is not started again.
public final class BinanceSimulator: Sendable {
  private struct Running: Sendable {
    let listener: any Channel
    let core: NIOLoopBound<SimulatorCore>
    let clock: RepeatedTask
  }

  private enum Lifecycle: Sendable {
    case idle
    case starting
    case running(Running, SharedState)
    /// What was done stays readable.
    case stopped(SharedState?)
  }

  private let configuration: SimulatorConfiguration
  private let eventLoop: any EventLoop
  private let logger: Logger
  private let lifecycle = Mutex(Lifecycle.idle)
  private let pendingFaults: Mutex<[Fault]?> = Mutex(nil)

  /// A simulator that will live on one event loop of `group`.
  public init(configuration: SimulatorConfiguration, group: any EventLoopGroup, logger: Logger) {
    self.configuration = configuration
    eventLoop = group.next()
    self.logger = logger
  }

  /// Opens the port and starts serving.
  ///
  /// - Throws: when the port cannot be bound, the recording cannot be read, or the simulator was started before.
  public func start() async throws -> SimulatorEndpoints {
    try lifecycle.withLock { state in
      guard case .idle = state else { throw SimulatorError(reason: "a simulator is started once") }
      state = .starting
    }
    do {
      return try await open()
    } catch {
      lifecycle.withLock { $0 = .stopped(nil) }
      throw error
    }
  }

  private func open() async throws -> SimulatorEndpoints {
    let (configuration, logger, loop) = (configuration, logger, eventLoop)
    let (core, shared) = try await loop.submit {
      let player = try configuration.recording.map { try RecordingPlayer(source: $0) }
      let shared = SharedState(configuration: configuration, recordedMarket: player?.market)
      if player != nil { shared.count { $0.recording = .waitingForSubscriber } }
      let core = SimulatorCore(
        configuration: configuration, shared: shared, eventLoop: loop, logger: logger, player: player)
      return (NIOLoopBound(core, eventLoop: loop), shared)
    }.get()
    let listener = try await ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try Self.configure(channel, core: core) }
      }
      .bind(host: configuration.host, port: configuration.port).get()
    let period = TimeAmount.milliseconds(Int64(GeneratedMarket.tickMilliseconds))
    let clock = loop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in core.value.tick() }
    lifecycle.withLock { $0 = .running(Running(listener: listener, core: core, clock: clock), shared) }
    if let faults = pendingFaults.withLock({ $0 }) { shared.setFaults(faults) }
    let endpoints = SimulatorEndpoints(host: configuration.host, port: listener.localAddress?.port ?? 0)
    logger.info("simulated exchange listens", metadata: ["port": "\(endpoints.port)"])
    return endpoints
  }

  /// Closes every connection and the port. Does nothing when the simulator does not run.
  public func stop() async {
    let running = lifecycle.withLock { state -> Running? in
      guard case .running(let running, let shared) = state else { return nil }
      state = .stopped(shared)
      return running
    }
    guard let running else { return }
    running.clock.cancel()
    try? await running.listener.close().get()
    try? await eventLoop.submit { running.core.value.closeAll() }.get()
  }

  /// Replaces the faults in force; counts and ages begin anew. Safe from any thread.
  public func setFaults(_ faults: [Fault]) {
    pendingFaults.withLock { $0 = faults }
    shared?.setFaults(faults)
  }

  /// Changes the rate of the generated order flow; 0 lets the market stand still. Safe from any thread.
  public func setEventsPerSecond(_ rate: Int) {
    shared?.eventsPerSecond.store(max(0, rate), ordering: .relaxed)
  }

  /// The book as it truly is now, nil for an unknown symbol. Safe from any thread.
  ///
  /// Depth messages follow within their interval: compare books when the update ids are equal, or after
  /// `setEventsPerSecond(0)`. Of a recording it is the recorded snapshot with all depth messages sent since.
  public func truth(market: SimulatedMarket, symbol: String) -> TrueBook? {
    shared?.truth(market: market, symbol: symbol)
  }

  /// What has been done so far. Safe from any thread.
  public var statistics: SimulatorStatistics {
    shared?.statistics.withLock { $0 } ?? SimulatorStatistics()
  }

  /// Reads a fault as written on a command line, for example `drop:0.01`.
  public static func parseFault(_ text: String) throws -> Fault {
    try Fault.parse(text)
  }

  private var shared: SharedState? {
    lifecycle.withLock { state in
      switch state {
      case .running(_, let shared): shared
      case .stopped(let shared): shared
      case .idle, .starting: nil
      }
    }
  }

  private static func configure(_ channel: any Channel, core: NIOLoopBound<SimulatorCore>) throws {
    guard core.value.hasRoom else {
      core.value.shared.count { $0.connectionsRefused += 1 }
      throw SimulatorError(reason: "too many connections")
    }
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: 1 << 20,
      shouldUpgrade: { channel, head in
        let accepted = StreamTarget(uri: head.uri) != nil
        return channel.eventLoop.makeSucceededFuture(accepted ? HTTPHeaders() : nil)
      },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          guard let target = StreamTarget(uri: head.uri) else { throw SimulatorError(reason: "not a stream path") }
          try channel.pipeline.syncOperations.addHandler(core.value.makeSession(target))
        }
      })
    let operations = channel.pipeline.syncOperations
    try operations.configureHTTPServerPipeline(
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { context in
          let operations = context.pipeline.syncOperations
          if let handler = try? operations.context(handlerType: RESTHandler.self) {
            operations.removeHandler(context: handler, promise: nil)
          }
        }
      ))
    try operations.addHandler(RESTHandler(core: core.value))
  }
}

/// Why a simulator could not be started or a connection not be taken.
public struct SimulatorError: Error, CustomStringConvertible {
  /// What is wrong.
  public let reason: String
  /// The reason.
  public var description: String { reason }
}
