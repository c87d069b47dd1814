import AdminProtocol
import Delivery
import Feeds
import Glibc
import Logging
import MarketData
import NIOCore
import Settings
import Synchronization

/// The whole agent: owns the settings in force, the feeds, the link to NATS, its policy and the health.
///
/// 1. `init` makes everything and dials nothing. 2. `start` dials NATS and the exchanges and returns at once; listeners
/// may answer before and after it. 3. `reload`, `nats …` and `log …` change it live. 4. `stop` closes sessions, publishes
/// what waits, and ends.
///
/// Off the per-message path: market data goes from the feeds' event loops to the delivery thread without coming here.
public actor CollectorAgent {
  /// What the agent is started with.
  public struct Start: Sendable {
    /// The settings in force at first.
    public var settings: CollectorSettings
    /// The file they came from; nil for `demo`, which cannot be reloaded.
    public var file: String?
    /// The environment that overrides the file.
    public var environment: [String: String]
    /// The collector's version.
    public var version: String
    /// The settings with the places they came from; nil for `demo`.
    public var loaded: LoadedSettings?
    /// Told when a reload begins and ends, on the agent: must be quick.
    public var reloadObserver: (@Sendable (ReloadNotice) -> Void)?
    /// Why the settings are the last good ones kept and not those of the file; nil when they are the file's.
    public var fallbackReason: String?

    /// Creates a start.
    public init(settings: CollectorSettings, file: String?, environment: [String: String], version: String) {
      self.settings = settings
      self.file = file
      self.environment = environment
      self.version = version
    }
  }

  /// What other threads may read without waiting for the actor.
  struct Published: Sendable {
    var generation = 1
    var health = HealthState.starting
  }

  nonisolated let published = Mutex(Published())
  nonisolated let delivery: NATSDelivery
  /// Everything that `/metrics` prints.
  public nonisolated let registry = PrometheusRegistry()
  nonisolated let logger: Logger
  nonisolated let events: EventLog
  nonisolated let held = HeldFeeds()
  /// Who asked for the end through the admin socket, as often as it is asked for.
  public nonisolated let shutdownRequests: AsyncStream<String>
  nonisolated let shutdownContinuation: AsyncStream<String>.Continuation
  /// The name of this collector in events and heartbeats: `host-pid`.
  public nonisolated let name: String

  let start: Start
  let startedAt = WallClock.now()
  let logControl: LogControl
  let factory: FeedFactory
  private let rest: RESTClient
  var settings: CollectorSettings
  /// The settings in force with the places they came from; nil for `demo`.
  public internal(set) var loaded: LoadedSettings?
  /// What a reload can change, in the order in which it is changed.
  var components: [any ReloadComponent] = []
  let roster: FeedRoster
  /// The feeds in force.
  var feeds: [Feed] { roster.feeds }
  var policy: DependencyPolicy
  var overrides = OverrideTable()
  var drift = SettingsDrift()
  var evaluator = HealthEvaluator()
  var counters = MonotoneCounters()
  /// When the exchanges were last dialled by intention: at the start, at the end of a pause.
  var dialledAt = WallClock.now()
  /// Reloads: the machine, who waits, and what components have opened.
  var desk: ReloadDesk
  var activeGeneration: Int { desk.machine.current.generation }
  var isDraining = false
  /// NATS came, or may be missing: requiring it later is no start again.
  var startIsOver = false
  private var supervision: Task<Void, Never>?

  /// Makes the agent; nothing is dialled.
  ///
  /// - Parameters:
  ///   - group: the event loops that sessions are spread over.
  ///   - logControl: the levels that `log level` and a reload change.
  public init(start: Start, group: any EventLoopGroup, logControl: LogControl) {
    self.start = start
    self.logControl = logControl
    settings = start.settings
    loaded = start.loaded
    desk = ReloadDesk(
      machine: ReloadMachine(
        start: ReloadVersion(generation: 1, settings: start.settings, loaded: start.loaded),
        hasFiles: start.file != nil, fallback: start.fallbackReason, at: startedAt))
    name = "\(Self.hostName())-\(getpid())"
    let logger = Logger(label: "agent") { ConsoleLogHandler(label: $0, control: logControl) }
    self.logger = logger
    let events = EventLog(logger: logger)
    self.events = events
    (shutdownRequests, shutdownContinuation) = AsyncStream.makeStream(
      of: String.self, bufferingPolicy: .bufferingOldest(1))
    policy = DependencyPolicy(file: start.settings.nats.optional ? .optional : .required)
    let natsLogger = Logger(label: "nats") { ConsoleLogHandler(label: $0, control: logControl) }
    let delivery = NATSDelivery(
      settings: LinkSettings(start.settings.nats),
      logger: natsLogger, linkChanged: { events.linkChanged($0) })
    self.delivery = delivery
    rest = RESTClient(group: group)
    factory = FeedFactory(
      group: group, rest: rest, collector: name, held: held,
      logger: Logger(label: "feeds") { ConsoleLogHandler(label: $0, control: logControl) },
      observer: { events.emit(.feed($0)) }, sink: { delivery.publish($0) })
    roster = FeedRoster(
      start.settings.exchanges.filter(\.enabled).compactMap { [factory] in
        factory.feed(for: $0, settings: start.settings)
      })
    registry.addProcessFigures()
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Dials NATS and the exchanges; returns at once.
  public func begin() {
    addNATSComponent()
    addOwnComponents()
    registry.addCollector { [weak self] sink in await self?.collect(into: &sink) }
    delivery.start()
    for feed in feeds { feed.start() }
    supervision = Task { await self.supervise() }
    // What is in force already is the last good ones; what the file says has only been read so far.
    if start.fallbackReason == nil { Task { await self.saveLastGood() } }
  }

  /// Whether NATS is required and has not been up by the end of `nats.startup_timeout`.
  ///
  /// - Returns: one line saying why the agent cannot start; nil as soon as NATS is up or may be missing.
  public func waitForRequiredNATS() async -> String? {
    let deadline = ContinuousClock.now + settings.nats.startupTimeout
    while !Task.isCancelled, !isDraining {
      if policy.requirement == .optional || delivery.status.connects > 0 {
        startIsOver = true
        return nil
      }
      guard ContinuousClock.now < deadline else {
        let reason = delivery.status.lastFailure?.description ?? "no answer"
        return "NATS is required (nats.optional: false) and was not reached within nats.startup_timeout "
          + "(\(settings.nats.startupTimeout.text)): \(reason)"
      }
      try? await Task.sleep(for: .milliseconds(50))
    }
    return nil
  }

  /// Closes the sessions, publishes what waits, and closes the link; takes at most about `timeout`.
  public func stop(timeout: Duration) async {
    isDraining = true
    published.withLock { $0.health = .draining }
    supervision?.cancel()
    await stopReloading()
    await roster.close()
    let result = await delivery.shutdown(timeout: timeout)
    if !result.isComplete {
      logger.warning(
        "stopped with events undelivered",
        metadata: ["abandoned": "\(result.abandoned)", "unconfirmed": "\(result.unconfirmed)"])
    }
    await rest.shutdown()
  }

  /// Once a second: overrides that have run out, the health that others read without waiting; every ten a heartbeat.
  private func supervise() async {
    var seconds = 0
    while !Task.isCancelled {
      await expireOverrides()
      let report = await health()
      if seconds % 10 == 0 { heartbeat(report) }
      seconds += 1
      try? await Task.sleep(for: .seconds(1))
    }
  }

  private func heartbeat(_ report: HealthReport) {
    let payload: JSONValue = [
      "service": "marketprism-collector", "collector": .string(name), "version": .string(start.version),
      "timestamp": .string(report.time.rfc3339), "state": .string(report.state.rawValue), "ready": .bool(report.ready),
      "uptime_seconds": .int(Int64(report.uptimeSeconds)), "generation": .int(Int64(activeGeneration)),
    ]
    let token = name.split(separator: ".").joined(separator: "_")
    delivery.publish(subject: "health.collector.\(token)", payload: Array(payload.text.utf8))
  }
}
