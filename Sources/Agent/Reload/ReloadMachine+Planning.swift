import Settings

/// From the request to components that are ready to be swapped.
extension ReloadMachine {
  mutating func begin(_ run: ReloadRun) -> [Action] {
    switch run.job {
    case .confirm: return confirm(run)
    case .expire(let ticket): return expire(ticket, run)
    case .close: return close(run)
    case .reload(let request):
      if isStopping { return end(ReloadReplies.stopping(current), run) }
      if let expected = request.ifGeneration, expected != current.generation {
        return end(ReloadReplies.mismatch(expected, current), run)
      }
      if let within = request.confirmWithin, within > Self.longestConfirmation {
        return end(ReloadReplies.tooLong(current), run)
      }
      return request.kind == .rollback ? rollBack(run) : reload(run)
    }
  }

  private mutating func reload(_ run: ReloadRun) -> [Action] {
    guard hasFiles else { return end(ReloadReplies.noFiles(current), run) }
    if let confirmation, !run.isDry { return end(ReloadReplies.unconfirmed(confirmation, at: run.time), run) }
    state = .reading(run)
    return [.read]
  }

  private mutating func rollBack(_ run: ReloadRun) -> [Action] {
    if confirmation != nil, !run.isDry { return takeBack(run, ReloadReplies.rolledBack) }
    guard let previous else { return end(ReloadReplies.nothingBefore(current), run) }
    return plan(run, to: previous)
  }

  mutating func read(_ result: Result<LoadedSettings, SettingsErrors>, _ run: ReloadRun) -> [Action] {
    switch result {
    case .failure(let errors):
      return progress(parsed: errors.files) + end(ReloadReplies.invalid(errors, current), run)
    case .success(let loaded):
      let target = ReloadVersion(generation: current.generation, settings: loaded.settings, loaded: loaded)
      return progress(parsed: loaded.files) + plan(run, to: target)
    }
  }

  private func progress(parsed files: [String]) -> [Action] {
    files.isEmpty ? [] : [.progress("parsed \(files.count) file\(files.count == 1 ? "" : "s")")]
  }

  private mutating func plan(_ run: ReloadRun, to wanted: ReloadVersion) -> [Action] {
    let plan = ReloadPlan(
      from: current.settings, to: wanted.settings, loaded: wanted.loaded, components: components)
    var target = wanted
    if !plan.restarts.isEmpty {
      let keys = plan.restarts.map(\.change.keyPath)
      guard run.request?.allowPending == true,
        let held = SettingsDiff.holdingBack(keys, of: current.settings, in: wanted.settings)
      else { return end(ReloadReplies.restartRequired(plan, current), run) }
      target.settings = held
      target.loaded?.settings = held
      target.pending = plan.restarts.map(\.change)
    }
    let warnings = wanted.loaded?.warnings.map(\.description) ?? []
    if run.isDry { return end(ReloadReplies.dry(plan, warnings, current), run) }
    guard !plan.applicable.isEmpty else {
      // Places may have moved, and a key may wait for a restart now; what runs has not changed.
      current.loaded = target.loaded
      current.pending = target.pending
      current.fallback = nil
      return [.adopt] + end(ReloadReplies.unchanged(warnings, current), run)
    }
    let swap = Swap(
      run: run, target: target, wanted: wanted.generation, plan: plan, before: current, beforeThat: previous,
      warnings: warnings)
    return prepare(swap, 0)
  }

  private mutating func prepare(_ swap: Swap, _ index: Int) -> [Action] {
    guard components.indices.contains(index) else { return commit(swap) }
    let name = components[index]
    state = .preparing(swap, index)
    return (swap.plan.concerns(name) ? [.progress("preparing \(name)")] : []) + [.prepare(name)]
  }

  mutating func prepared(_ swap: Swap, _ index: Int, _ isTouched: Bool) -> [Action] {
    var swap = swap
    if isTouched, components.indices.contains(index) { swap.prepared.append(components[index]) }
    if isStopping { return undo(swap, committed: 0, ReloadReplies.stopping(current)) }
    return prepare(swap, index + 1)
  }

  /// A component cannot: what the others have opened is closed, and nobody noticed.
  mutating func abandon(_ swap: Swap, _ failure: ReloadFailure) -> [Action] {
    undo(swap, committed: 0, ReloadReplies.failed(.failed, failure, swap))
  }
}
