/// Settings in force that nobody has confirmed yet. The old resources are still open, so that taking the settings back
/// cannot fail for want of a port, a server or a file that was there before.
extension ReloadMachine {
  mutating func confirm(_ run: ReloadRun) -> [Action] {
    guard let awaited = confirmation else { return end(ReloadReplies.nothingToConfirm(current), run) }
    confirmation = nil
    return [.disarm] + finish(awaited.swap.prepared[...], run, ReloadReplies.confirmed(awaited))
  }

  mutating func expire(_ ticket: Int, _ run: ReloadRun) -> [Action] {
    // It was confirmed or taken back while this waited for its turn.
    guard let awaited = confirmation, awaited.ticket == ticket else {
      return end(ReloadReplies.nothingToUndo(current), run)
    }
    return takeBack(run, ReloadReplies.expired)
  }

  mutating func takeBack(_ run: ReloadRun, _ ending: (Confirmation) -> ReloadEnding) -> [Action] {
    guard let awaited = confirmation else { return end(ReloadReplies.nothingToUndo(current), run) }
    confirmation = nil
    let swap = awaited.swap
    return [.disarm] + undo(swap, committed: swap.prepared.count, run: run, ending(awaited))
  }

  /// The process ends: the old is closed; the next start reads the files, whatever was confirmed.
  mutating func close(_ run: ReloadRun) -> [Action] {
    isStopping = true
    guard let awaited = confirmation else { return end(ReloadReplies.nothingToUndo(current), run) }
    confirmation = nil
    return [.disarm] + finish(awaited.swap.prepared[...], run, ReloadReplies.nothingToUndo(current))
  }
}
