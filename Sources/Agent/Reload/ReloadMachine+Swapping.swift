import MarketData
import Settings

/// From components that are ready to the end of a run.
extension ReloadMachine {
  mutating func commit(_ swap: Swap) -> [Action] {
    guard let first = swap.prepared.first else { return adopt(swap) }
    state = .committing(swap, 0)
    return [.progress("swapping \(swap.prepared.joined(separator: ", "))"), .commit(first)]
  }

  mutating func committed(_ swap: Swap, _ index: Int) -> [Action] {
    guard swap.prepared.indices.contains(index + 1) else { return adopt(swap) }
    state = .committing(swap, index + 1)
    return [.commit(swap.prepared[index + 1])]
  }

  private mutating func adopt(_ swap: Swap) -> [Action] {
    var swap = swap
    swap.target.generation = nextGeneration()
    swap.isAdopted = true
    previous = current
    current = swap.target
    // Whether it works no longer matters to a process that ends.
    guard !swap.prepared.isEmpty, !isStopping else { return [.adopt] + verified(swap, []) }
    state = .verifying(swap)
    let within = current.settings.collector.verifyTimeout
    return [
      .adopt, .progress("verifying generation \(current.generation), at most \(within.text)"),
      .verify(swap.prepared, within: within),
    ]
  }

  mutating func verified(_ swap: Swap, _ lines: [String], at time: Timestamp? = nil) -> [Action] {
    var swap = swap
    swap.warnings += lines
    guard let within = swap.run.request?.confirmWithin, !isStopping else {
      return finish(swap.prepared[...], swap.run, ReloadReplies.applied(swap))
    }
    let until = (time ?? swap.run.time).nanoseconds.addingReportingOverflow(within.wholeNanoseconds)
    let awaited = Confirmation(
      ticket: nextTicket(), swap: swap, until: Timestamp(nanoseconds: until.overflow ? .max : until.partialValue),
      within: within)
    confirmation = awaited
    return [.arm(ticket: awaited.ticket, after: within)]
      + end(ReloadReplies.awaitingConfirmation(awaited), swap.run)
  }

  /// Puts back what was swapped and closes what was only opened, the last first.
  ///
  /// - Parameters:
  ///   - count: how many of the prepared components were told to swap.
  ///   - run: who asked for it; the run itself when it failed.
  mutating func undo(_ swap: Swap, committed count: Int, run: ReloadRun? = nil, _ ending: ReloadEnding) -> [Action] {
    let steps = swap.prepared.enumerated().reversed().map { index, name in
      index < count ? Undo.revert(name) : Undo.discard(name)
    }
    let said: [Action] = count > 0 ? [.progress("putting generation \(swap.before.generation) back")] : []
    return said + undo(steps[...], swap, run ?? swap.run, ending)
  }

  mutating func undo(
    _ left: ArraySlice<Undo>, _ swap: Swap, _ run: ReloadRun, _ ending: ReloadEnding
  ) -> [Action] {
    if let first = left.first {
      state = .undoing(Array(left), swap, run, ending)
      switch first {
      case .revert(let name): return [.revert(name)]
      case .discard(let name): return [.discard(name)]
      }
    }
    guard swap.isAdopted else { return end(ending, run) }
    current = swap.before
    previous = swap.beforeThat
    return [.adopt] + end(ending, run)
  }

  /// Closes the old; what is in force is final.
  mutating func finish(_ left: ArraySlice<String>, _ run: ReloadRun, _ ending: ReloadEnding) -> [Action] {
    guard let first = left.first else { return (isStopping ? [] : [.save]) + end(ending, run) }
    state = .finishing(Array(left), run, ending)
    return [.finish(first)]
  }

  /// Ends the run: its trace in the history and in what health says of it.
  mutating func end(_ ending: ReloadEnding, _ run: ReloadRun) -> [Action] {
    state = .idle
    var ending = ending
    // A dry run leaves no trace, whatever it found.
    if run.isDry { ending.isRecorded = false }
    guard ending.isRecorded else { return [.end(ending)] }
    history.add(
      ReloadHistory.Record(
        generation: current.generation, time: run.time, by: run.by, outcome: ending.outcome, summary: ending.summary))
    switch ending.outcome {
    case .invalid, .restartRequired, .failed, .reverted, .expired: lastError = ending.summary
    case .applied, .unchanged, .unconfirmed, .confirmed:
      lastError = nil
    case .rolledBack: lastError = nil
    case .refused, .started: break
    }
    return [.end(ending)]
  }
}
