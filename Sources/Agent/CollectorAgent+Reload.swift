import AdminProtocol
import Glibc
import MarketData
import Settings

/// Reading the configuration again: all or nothing, one at a time, and only what changed is touched.
///
/// What happens in which order is ``ReloadMachine``'s; who waits for whom ``ReloadQueue``'s; the agent carries out.
extension CollectorAgent {
  /// Adds a part that a reload can change; before ``begin()``. The order of adding does not matter; one of the same name
  /// takes the place of the earlier.
  public func add(component: any ReloadComponent) {
    components.removeAll { $0.name == component.name }
    components.append(component)
    components.sort { ReloadComponentTable.rank(of: $0.name) < ReloadComponentTable.rank(of: $1.name) }
    desk.machine.components = components.map(\.name)
  }

  /// Runs a reload or a rollback. One that comes while another runs gets a run that begins after it was asked for;
  /// callers who want the same share it.
  ///
  /// Goes on when the caller leaves.
  /// - Parameters:
  ///   - request: what is asked for.
  ///   - caller: who asks, for the history.
  ///   - output: hears how far it is.
  public func reload(_ request: ReloadRequest = ReloadRequest(), caller: Caller, output: CommandOutput) async -> Reply {
    var request = request
    // Two who take the same generation back at the same time mean one step, not two.
    if request.kind == .rollback, request.ifGeneration == nil { request.ifGeneration = activeGeneration }
    return await run(.reload(request), by: caller.identity, output)
  }

  /// Keeps what a reload with `confirm-within` applied.
  public func confirm(caller: Caller, output: CommandOutput) async -> Reply {
    await run(.confirm, by: caller.identity, output)
  }

  /// How reloading stands, for the status.
  func reloadStatus() -> StatusReport.Reload {
    let machine = desk.machine
    var report = StatusReport.Reload()
    report.pendingRestart = machine.current.pending.map(\.keyPath)
    report.confirmUntil = machine.confirmation?.until
    report.lastError = machine.lastError
    report.fallback = machine.fallback
    report.lastOutcome = machine.history.records.last.map { "\($0.outcome.rawValue): \($0.summary)" }
    return report
  }

  /// Winds up what is under way and closes what a confirmation kept open; takes at most about a second.
  func stopReloading() async {
    desk.machine.isStopping = true
    desk.timer?.cancel()
    _ = await GiveUp.after(.seconds(1)) { await self.run(.close, by: "collector", .none) }
  }

  private func run(_ job: ReloadJob, by caller: String, _ output: CommandOutput) async -> Reply {
    await withCheckedContinuation { continuation in
      let ticket = desk.nextTicket()
      guard desk.queue.add(job, by: caller, waiter: ticket) else {
        let message = "\(ReloadQueue.limit) reloads of different kinds are waiting; try again"
        continuation.resume(returning: .failure(ProtocolError(.tooManyRequests, message)))
        return
      }
      if desk.queue.isRunning { output.progress("waiting for the reload under way") }
      desk.waiters[ticket] = ReloadDesk.Waiter(continuation: continuation, output: output)
      beginNext()
    }
  }

  private func beginNext() {
    guard let batch = desk.queue.next() else { return }
    Task {
      await self.carryOut(batch)
      desk.queue.ended()
      beginNext()
    }
  }

  /// Begins the undo when nobody confirms in time.
  func armConfirmation(_ ticket: Int, after time: Duration) {
    desk.timer?.cancel()
    desk.timer = Task {
      do { try await Task.sleep(for: time) } catch { return }
      _ = await self.run(.expire(ticket: ticket), by: "collector", .none)
    }
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
