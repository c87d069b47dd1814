import AdminProtocol
import NIOPosix
import Settings

/// What a reload would find and do, without doing it.
extension CollectorAgent {
  /// `config check`: reads the files as a reload would, with the payload as one more drop-in.
  func configCheck(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    switch await loadedForLooking(call, output) {
    case .success(let loaded): ReloadReplies.valid(loaded, desk.machine.current)
    case .failure(let refusal): refusal.reply
    }
  }

  /// `config diff`: what differs from the settings in force, and how a reload would take it over.
  func configDiff(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    switch await loadedForLooking(call, output) {
    case .success(let loaded):
      let current = desk.machine.current
      let plan = ReloadPlan(
        from: current.settings, to: loaded.settings, loaded: loaded, components: desk.machine.components)
      return ReloadReplies.planned(plan, loaded.warnings.map(\.description), current)
    case .failure(let refusal): return refusal.reply
    }
  }

  /// `history`: the latest runs.
  func reloadHistory() -> Reply { ReloadReplies.history(desk.machine) }

  private struct Refusal: Error {
    var reply: Reply
  }

  private func loadedForLooking(
    _ call: CommandCall, _ output: CommandOutput
  ) async -> Result<LoadedSettings, Refusal> {
    guard let file = start.file else {
      return .failure(Refusal(reply: ReloadReplies.noFiles(desk.machine.current).reply))
    }
    let environment = start.environment
    let fragment = call.payload.map { SettingsFragment(name: "payload", text: Array($0.utf8)) }
    let read = await GiveUp.after(desk.times.read) { () -> Result<LoadedSettings, SettingsErrors>? in
      try? await NIOThreadPool.singleton.runIfActive {
        SettingsCheck.load(file: file, environment: environment, fragment: fragment)
      }
    }
    switch read ?? nil {
    case .success(let loaded)?:
      output.progress("parsed \(loaded.files.count) file\(loaded.files.count == 1 ? "" : "s")")
      return .success(loaded)
    case .failure(let errors)?:
      output.progress("parsed \(errors.files.count) file\(errors.files.count == 1 ? "" : "s")")
      return .failure(Refusal(reply: ReloadReplies.invalid(errors, desk.machine.current).reply))
    case nil: return .failure(Refusal(reply: ReloadReplies.unreadable(desk.machine.current).reply))
    }
  }
}
