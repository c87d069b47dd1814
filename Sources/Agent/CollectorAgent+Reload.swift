import AdminProtocol
import Feeds
import Logging
import Settings

/// Reading the configuration again: all or nothing, one at a time, and only what changed is touched.
///
/// Applied live: symbols of an exchange entry, `nats.optional`, `nats.grace` and the log level. Every other change is
/// refused as a whole, with the keys named: nothing of it is in force then.
extension CollectorAgent {
  /// Keys whose changes are applied live. A key that the schema calls hot and that is not here is refused all the same.
  private static let applicable = ["nats.optional", "nats.grace", "nats.startup_timeout", "collector.log_level"]

  /// Adds a part that a reload can change; before ``begin()``. The order of adding does not matter.
  public func add(component: any ReloadComponent) {
    components.append(component)
    components.sort { ReloadComponentOrder.rank(of: $0.name) < ReloadComponentOrder.rank(of: $1.name) }
  }

  /// Runs a reload; one that is under way is waited for first, so that each caller's run begins after its call.
  ///
  /// - Parameters:
  ///   - request: what is asked for.
  ///   - caller: who asks.
  ///   - output: hears how far it is.
  public func reload(_ request: ReloadRequest = ReloadRequest(), caller: Caller, output: CommandOutput) async -> Reply {
    guard request.kind == .reload, request.confirmWithin == nil, !request.allowPending else {
      return .failure(ProtocolError(.internalError, "not carried out yet"))
    }
    let previous = reloadUnderWay
    let run = Task {
      await previous?.value
      start.reloadObserver?(.began)
      let reply = await self.reloadNow(dryRun: request.dryRun, ifGeneration: request.ifGeneration)
      start.reloadObserver?(.ended(succeeded: reply.error == nil, summary: reply.error?.message ?? "reloaded"))
      return reply
    }
    reloadUnderWay = Task { _ = await run.value }
    return await run.value
  }

  /// How reloading stands, for the status.
  func reloadStatus() -> StatusReport.Reload {
    var report = StatusReport.Reload()
    report.lastError = lastReloadError
    report.fallback = start.fallbackReason
    return report
  }

  /// Keeps what a reload with `confirm-within` applied.
  public func confirm(caller: Caller, output: CommandOutput) async -> Reply {
    .failure(ProtocolError(.badArgument, "there is nothing to confirm"))
  }

  private func reloadNow(dryRun: Bool, ifGeneration: Int?) async -> Reply {
    guard !isDraining else { return .failure(ProtocolError(.shuttingDown, "the agent is stopping")) }
    if let expected = ifGeneration, expected != activeGeneration {
      return .failure(
        ProtocolError(
          .generationMismatch, "generation \(activeGeneration) is active, not \(expected)"))
    }
    guard let file = start.file else {
      return .failure(
        ProtocolError(.badArgument, "started without a configuration file: there is nothing to reload"))
    }
    let loaded: LoadedSettings
    switch SettingsCheck.load(file: file, environment: start.environment) {
    case .success(let value): loaded = value
    case .failure(let errors): return refuse(errors, dryRun: dryRun)
    }
    let changes = SettingsDiff.changes(from: settings, to: loaded.settings)
    let unfit = changes.filter { !Self.isApplicable($0) }
    guard unfit.isEmpty else { return refuse(unfit, loaded, dryRun: dryRun) }
    let warnings = loaded.warnings.map(\.description)
    if !dryRun {
      lastReloadError = nil
      if changes.isEmpty {
        // Who asked with a signal has only the log to see that it was heard.
        logger.notice("reloaded: nothing has changed", metadata: ["generation": "\(activeGeneration)"])
      } else {
        await apply(loaded.settings, changes)
      }
      self.loaded = loaded
    }
    return Reply(
      body: changes.map { "\($0.keyPath): \($0.old) → \($0.new) (\($0.reloadClass.rawValue))" } + warnings,
      fields: [
        ReplyField("changed", String(!changes.isEmpty && !dryRun)), ReplyField("changes", String(changes.count)),
      ],
      changed: !changes.isEmpty && !dryRun, warnings: warnings)
  }

  private static func isApplicable(_ change: SettingsChange) -> Bool {
    if applicable.contains(change.keyPath) { return true }
    return change.exchange != nil && change.keyPath.hasSuffix("].symbols")
  }

  private func refuse(_ errors: SettingsErrors, dryRun: Bool) -> Reply {
    let count = errors.errors.count
    let message = "\(count) error\(count == 1 ? "" : "s"), generation \(activeGeneration) still active"
    if !dryRun { lastReloadError = "\(message): \(errors.errors.first?.description ?? "")" }
    return Reply(
      body: errors.errors.map(\.description),
      error: ProtocolError(
        .invalidConfig, message, fields: [ReplyField("errors", String(count))]))
  }

  private func refuse(_ changes: [SettingsChange], _ loaded: LoadedSettings, dryRun: Bool) -> Reply {
    let body = changes.map { change in
      let place = loaded.position(of: change.keyPath).map { "\($0.file):\($0.line):\($0.column): " } ?? ""
      return "\(place)\(change.keyPath): \(change.old) → \(change.new): takes effect only at a restart"
    }
    let keys = changes.map(\.keyPath).joined(separator: ", ")
    let message = "a restart is needed for \(keys); nothing was changed, generation \(activeGeneration) still active"
    if !dryRun { lastReloadError = message }
    return Reply(body: body, error: ProtocolError(.restartRequired, message))
  }

  private func apply(_ new: CollectorSettings, _ changes: [SettingsChange]) async {
    let byName = Dictionary(new.exchanges.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for feed in feeds {
      guard changes.contains(where: { $0.exchange == feed.configuration.name }),
        let entry = byName[feed.configuration.name]
      else { continue }
      await feed.follow(FeedFactory.instruments(of: entry))
    }
    if new.collector.logLevel != settings.collector.logLevel,
      let level = Logger.Level(rawValue: new.collector.logLevel.rawValue)
    {
      _ = logControl.set(level, label: nil)
    }
    _ = policy.fileChanged(to: new.nats.optional ? .optional : .required)
    settings = new
    activeGeneration += 1
    let generation = activeGeneration
    published.withLock { $0.generation = generation }
    logger.notice(
      "reloaded",
      metadata: ["generation": "\(generation)", "changes": "\(changes.map(\.keyPath).joined(separator: ","))"])
  }
}

extension ReloadRequest {
  /// What the command `reload` asks for.
  init(_ call: CommandCall) {
    self.init(
      dryRun: call.flag("dry-run"), ifGeneration: call.integer("if-generation"),
      confirmWithin: call.duration("confirm-within"), allowPending: call.flag("allow-pending"))
  }
}

/// The order in which a reload changes its components: listeners first, because what is in their way is known at once.
enum ReloadComponentOrder {
  private static let names = ["http", "admin", "nats", "feeds", "values"]

  /// The place of a component; one that is not named comes last.
  static func rank(of name: String) -> Int { names.firstIndex(of: name) ?? names.count }
}
