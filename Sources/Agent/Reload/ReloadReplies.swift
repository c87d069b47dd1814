import AdminProtocol
import MarketData
import Settings

/// What callers, the history and the log are told of a run.
enum ReloadReplies {
  // MARK: In force

  static func applied(_ swap: ReloadMachine.Swap) -> ReloadEnding {
    let isRollback = swap.run.request?.kind == .rollback
    var warnings = swap.warnings
    if isRollback { warnings.append("the files still say otherwise; the next reload applies them again") }
    let reply = changed(swap, warnings)
    let keys = summary(swap.plan)
    return ReloadEnding(
      outcome: isRollback ? .rolledBack : .applied, reply: reply,
      summary: isRollback ? "back to the settings of generation \(swap.wanted): \(keys)" : keys)
  }

  static func awaitingConfirmation(_ awaited: ReloadMachine.Confirmation) -> ReloadEnding {
    var reply = changed(awaited.swap, awaited.swap.warnings)
    reply.body.append(
      "undone in \(awaited.within.text), at \(awaited.until.rfc3339), unless \"confirm\" comes before")
    reply.fields.append(ReplyField("confirm_until", awaited.until.rfc3339))
    return ReloadEnding(
      outcome: .unconfirmed, reply: reply,
      summary: "\(summary(awaited.swap.plan)); to be confirmed within \(awaited.within.text)")
  }

  static func confirmed(_ awaited: ReloadMachine.Confirmation) -> ReloadEnding {
    let generation = awaited.swap.target.generation
    return ReloadEnding(
      outcome: .confirmed, reply: Reply(changed: true, generation: generation),
      summary: "generation \(generation) confirmed")
  }

  static func expired(_ awaited: ReloadMachine.Confirmation) -> ReloadEnding {
    let swap = awaited.swap
    let text =
      "generation \(swap.target.generation) was not confirmed within \(awaited.within.text); "
      + "generation \(swap.before.generation) is active again"
    return ReloadEnding(
      outcome: .expired, reply: Reply(body: [text], changed: true, generation: swap.before.generation), summary: text)
  }

  static func rolledBack(_ awaited: ReloadMachine.Confirmation) -> ReloadEnding {
    let swap = awaited.swap
    let text =
      "generation \(swap.target.generation) was taken back before it was confirmed; "
      + "generation \(swap.before.generation) is active again"
    return ReloadEnding(
      outcome: .rolledBack, reply: Reply(body: [text], changed: true, generation: swap.before.generation),
      summary: text)
  }

  static func unchanged(_ warnings: [String], _ current: ReloadVersion) -> ReloadEnding {
    let reply = Reply(
      fields: [changedField(false), ReplyField("changes", "0")] + pending(current.pending), changed: false,
      generation: current.generation,
      warnings: warnings)
    let rest =
      current.pending.isEmpty ? "" : "; \(current.pending.map(\.keyPath).joined(separator: ", ")) needs a restart"
    return ReloadEnding(outcome: .unchanged, reply: reply, summary: "nothing to change" + rest)
  }

  static func dry(_ plan: ReloadPlan, _ warnings: [String], _ current: ReloadVersion) -> ReloadEnding {
    var reply = planned(plan, warnings, current)
    reply.fields.insert(changedField(false), at: 0)
    reply.changed = false
    return ReloadEnding(outcome: .unchanged, reply: reply, summary: "dry run", isRecorded: false)
  }

  /// The plan for somebody who only wants to know.
  static func planned(_ plan: ReloadPlan, _ warnings: [String], _ current: ReloadVersion) -> Reply {
    var reply = Reply(
      body: plan.lines, fields: [ReplyField("changes", String(plan.steps.count))], data: data(plan),
      generation: current.generation, warnings: warnings)
    if !plan.restarts.isEmpty { reply.fields.append(ReplyField("restart", String(plan.restarts.count))) }
    return reply
  }

  // MARK: Not in force

  static func invalid(_ errors: SettingsErrors, _ current: ReloadVersion) -> ReloadEnding {
    let count = errors.errors.count
    let message = "\(count) error\(count == 1 ? "" : "s"), generation \(current.generation) still active"
    let error = ProtocolError(.invalidConfig, message, fields: [ReplyField("errors", String(count))])
    return ReloadEnding(
      outcome: .invalid,
      reply: Reply(body: errors.errors.map(\.description), error: error, generation: current.generation),
      summary: "\(message): \(errors.errors.first?.description ?? "")")
  }

  static func restartRequired(_ plan: ReloadPlan, _ current: ReloadVersion) -> ReloadEnding {
    let keys = plan.restarts.map(\.change.keyPath).joined(separator: ", ")
    let message =
      "a restart is needed for \(keys); nothing was changed, generation \(current.generation) still active"
    var reply = Reply(
      body: plan.restarts.map(\.line), error: ProtocolError(.restartRequired, message), data: data(plan),
      generation: current.generation)
    reply.fields = [ReplyField("keys", keys)]
    return ReloadEnding(outcome: .restartRequired, reply: reply, summary: message)
  }

  /// A component could not take the change over, or what it took over does not work.
  static func failed(_ outcome: ReloadOutcome, _ failure: ReloadFailure, _ swap: ReloadMachine.Swap) -> ReloadEnding {
    let generation = swap.before.generation
    let active = outcome == .reverted ? "is active again" : "still active"
    let message = "\(failure.component): \(failure.message); generation \(generation) \(active)"
    let place = failure.keyPath.flatMap { key in
      swap.target.loaded.flatMap { ReloadPlan.place(of: key, in: $0) }.map { "\($0): \(key): " } ?? "\(key): "
    }
    let slug: ErrorSlug =
      failure.isTimeout
      ? .timeout : ["nats", "feeds"].contains(failure.component) ? .dependencyDown : .invalidConfig
    return ReloadEnding(
      outcome: outcome,
      reply: Reply(
        body: [(place ?? "\(failure.component): ") + failure.message],
        error: ProtocolError(slug, message, fields: [ReplyField("component", failure.component)]),
        generation: generation),
      summary: message)
  }

  static func unreadable(_ current: ReloadVersion) -> ReloadEnding {
    let message = "the files could not be read in time, generation \(current.generation) still active"
    return ReloadEnding(
      outcome: .failed, reply: Reply(error: ProtocolError(.timeout, message), generation: current.generation),
      summary: message)
  }

  // MARK: Pieces

  /// `exchanges[0].symbols, nats.grace`, and how many more.
  static func summary(_ plan: ReloadPlan) -> String {
    let keys = plan.applicable.map(\.change.keyPath)
    return keys.prefix(4).joined(separator: ", ") + (keys.count > 4 ? " and \(keys.count - 4) more" : "")
  }

  private static func changed(_ swap: ReloadMachine.Swap, _ warnings: [String]) -> Reply {
    Reply(
      body: swap.plan.lines,
      fields: [changedField(true), ReplyField("changes", String(swap.plan.applicable.count))]
        + pending(swap.target.pending),
      data: data(swap.plan), changed: true, generation: swap.target.generation, warnings: warnings)
  }

  /// Ahead of the other fields, where people look for it.
  private static func changedField(_ changed: Bool) -> ReplyField { ReplyField("changed", String(changed)) }

  private static func pending(_ changes: [SettingsChange]) -> [ReplyField] {
    changes.isEmpty ? [] : [ReplyField("pending_restart", changes.map(\.keyPath).joined(separator: ","))]
  }

  private static func data(_ plan: ReloadPlan) -> JSONValue {
    [
      "changes": .int(Int64(plan.steps.count)),
      "plan": .array(
        plan.steps.map { step in
          let how: (String, JSONValue) =
            switch step.method {
            case .hot: ("hot", .null)
            case .rebuild(let component): ("rebuild", .string(component))
            case .restart: ("restart", .null)
            }
          return [
            "key": .string(step.change.keyPath), "old": .string(step.change.old), "new": .string(step.change.new),
            "method": .string(how.0), "component": how.1, "place": step.place.map(JSONValue.string) ?? .null,
          ]
        }),
    ]
  }
}
