import AdminProtocol
import Feeds
import Logging
import MarketData
import NIOPosix
import Settings

/// Carrying out what the machine says, step by step, each with a deadline.
extension CollectorAgent {
  /// One run, for all who wait for it.
  func carryOut(_ batch: ReloadQueue.Batch) async {
    let run = ReloadRun(job: batch.job, by: Self.names(of: batch.callers), time: WallClock.now())
    let output = Self.output(to: batch.waiters.compactMap { desk.waiters[$0]?.output })
    if run.isAnnounced { start.reloadObserver?(.began) }
    var actions = desk.machine.handle(.begin(run))
    while let input = await carryOut(actions, run, batch.waiters, output) { actions = desk.machine.handle(input) }
  }

  /// Three names, and how many more.
  private static func names(of callers: [String]) -> String {
    callers.prefix(3).joined(separator: ", ") + (callers.count > 3 ? " and \(callers.count - 3) more" : "")
  }

  private static func output(to outputs: [CommandOutput]) -> CommandOutput {
    CommandOutput(
      progress: { text in for output in outputs { output.progress(text) } },
      line: { text in for output in outputs { output.line(text) } })
  }

  /// Carries actions out.
  ///
  /// - Returns: the answer to the last of them; nil when the run is over.
  private func carryOut(
    _ actions: [ReloadMachine.Action], _ run: ReloadRun, _ waiters: [Int], _ output: CommandOutput
  ) async -> ReloadMachine.Input? {
    var answer: ReloadMachine.Input?
    for action in actions {
      switch action {
      case .progress(let text): output.progress(text)
      case .adopt: adopt()
      case .save: await saveLastGood()
      case .arm(let ticket, let time): armConfirmation(ticket, after: time)
      case .disarm:
        desk.timer?.cancel()
        desk.timer = nil
      case .end(let ending): end(ending, run, waiters)
      case .read: answer = await read()
      case .prepare(let name): answer = await prepare(name)
      case .commit(let name): answer = await step(.commit, name, desk.times.swap) { await $0.commit() }
      case .verify(let names, let within): answer = await verify(names, within)
      case .revert(let name): answer = await step(.revert, name, desk.times.swap, isLast: true) { await $0.revert() }
      case .discard(let name): answer = await step(.discard, name, desk.times.swap, isLast: true) { await $0.discard() }
      case .finish(let name): answer = await step(.finish, name, desk.times.finish, isLast: true) { await $0.finish() }
      }
    }
    return answer
  }

  /// What the machine says is in force becomes so.
  private func adopt() {
    let current = desk.machine.current
    settings = current.settings
    loaded = current.loaded
    published.withLock { $0.generation = current.generation }
  }

  private func read() async -> ReloadMachine.Input {
    guard let file = start.file else { return .gaveUp }
    let environment = start.environment
    let result = await GiveUp.after(desk.times.read) { () -> Result<LoadedSettings, SettingsErrors>? in
      try? await NIOThreadPool.singleton.runIfActive { SettingsCheck.load(file: file, environment: environment) }
    }
    guard let result = result ?? nil else {
      logger.error("gave up on a step of a reload", metadata: ["step": "read"])
      return .gaveUp
    }
    return .read(result)
  }

  private func prepare(_ name: String) async -> ReloadMachine.Input {
    guard let component = components.first(where: { $0.name == name }),
      case .preparing(let swap, _) = desk.machine.state
    else { return .prepared(isTouched: false) }
    let limit = desk.times.prepare
    let change = ReloadChange(
      old: swap.before.settings, new: swap.target.settings, changes: swap.plan.applicable.map(\.change),
      deadline: .now + limit)
    let outcome = await GiveUp.after(limit + desk.times.slack, late: Self.discard) {
      do throws(ReloadFailure) {
        return Result<(any PreparedComponent)?, ReloadFailure>.success(try await component.prepare(change))
      } catch {
        return .failure(error)
      }
    }
    switch outcome {
    case nil:
      logGiveUp(.prepare, name)
      return .gaveUp
    case .failure(let failure)?: return .failed(failure)
    case .success(let prepared)?:
      desk.prepared[name] = prepared
      return .prepared(isTouched: prepared != nil)
    }
  }

  /// Nobody waits any more for what was opened too late.
  private static func discard(_ late: Result<(any PreparedComponent)?, ReloadFailure>) async {
    if case .success(let prepared?) = late { await prepared.discard() }
  }

  /// All at the same time, since they share one deadline.
  private func verify(_ names: [String], _ within: Duration) async -> ReloadMachine.Input {
    let deadline = ContinuousClock.now + within
    let prepared = names.compactMap { name in desk.prepared[name].map { (name, $0) } }
    let limit = within + desk.times.slack
    var results: [String: Result<[String], ReloadFailure>] = [:]
    await withTaskGroup(of: (String, Result<[String], ReloadFailure>?).self) { group in
      for (name, component) in prepared {
        group.addTask {
          let result = await GiveUp.after(limit) { () -> Result<[String], ReloadFailure> in
            do throws(ReloadFailure) {
              return .success(try await component.verify(until: deadline))
            } catch {
              return .failure(error)
            }
          }
          return (name, result)
        }
      }
      for await (name, result) in group {
        if result == nil { logGiveUp(.verify, name) }
        let timeout = ReloadFailure(component: name, "could not be seen to work in time", isTimeout: true)
        results[name] = result ?? .failure(timeout)
      }
    }
    var lines: [String] = []
    // In the order of the components, so that the same failure is told the same way.
    for name in names {
      switch results[name] {
      case .failure(let failure)?: return .failed(failure)
      case .success(let said)?: lines += said
      case nil: break
      }
    }
    return .verified(lines, at: WallClock.now())
  }

  private func step(
    _ step: ReloadStep, _ name: String, _ limit: Duration, isLast: Bool = false,
    _ body: @escaping @Sendable (any PreparedComponent) async -> Void
  ) async -> ReloadMachine.Input {
    guard let prepared = desk.prepared[name] else { return .done }
    if isLast { desk.prepared[name] = nil }
    if await GiveUp.after(limit, { await body(prepared) }) != nil { return .done }
    logGiveUp(step, name)
    return .gaveUp
  }

  private func logGiveUp(_ step: ReloadStep, _ name: String) {
    logger.error(
      "gave up on a step of a reload", metadata: ["step": "\(step.rawValue)", "component": "\(name)"])
  }

  private func end(_ ending: ReloadEnding, _ run: ReloadRun, _ waiters: [Int]) {
    if ending.isRecorded {
      logger.log(
        level: ending.succeeded && ending.outcome != .expired ? .notice : .warning, "reload \(ending.outcome.rawValue)",
        metadata: [
          "generation": "\(desk.machine.current.generation)", "by": "\(run.by)", "summary": "\(ending.summary)",
        ])
    }
    if run.isAnnounced { events.emit(.reload(succeeded: ending.succeeded, summary: ending.summary)) }
    if run.isAnnounced { start.reloadObserver?(.ended(succeeded: ending.succeeded, summary: ending.summary)) }
    for ticket in waiters { desk.waiters.removeValue(forKey: ticket)?.continuation.resume(returning: ending.reply) }
  }
}

extension ReloadRun {
  /// Whether a service manager is told of it: it may change what runs.
  fileprivate var isAnnounced: Bool {
    switch job {
    case .reload(let request): !request.dryRun
    case .expire: true
    case .confirm, .close: false
    }
  }
}
