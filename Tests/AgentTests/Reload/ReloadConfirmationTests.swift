import AdminProtocol
import Testing

@testable import Agent

@Suite("Confirm, rollback and restarts that are put off")
struct ReloadConfirmationTests {
  static let change = "nats: { grace: 9s, client_name: other }"
  static let minute = ReloadRequest(confirmWithin: .seconds(60))

  @Test("until it is confirmed the old stays open, and confirming closes it and keeps the settings")
  func confirmed() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.change, Self.minute)
    #expect(
      stage.steps == [
        "commit nats", "commit values", "adopt 2", "verify nats+values 10.0 seconds", "arm 1 60.0 seconds",
      ])
    #expect(ending.outcome == .unconfirmed)
    #expect(
      ReplyWriter.text(ending.reply).hasSuffix(
        "undone in 60 s, at 1970-01-01T00:17:40Z, unless \"confirm\" comes before\n"
          + "OK changed=true changes=2 confirm_until=1970-01-01T00:17:40Z generation=2\n"))
    let confirmed = try stage.run(.confirm, at: 5)
    #expect(stage.steps == ["disarm", "finish nats", "finish values", "save"])
    #expect(ReplyWriter.text(confirmed.reply) == "OK changed=true generation=2\n")
    #expect(stage.machine.confirmation == nil)
    #expect(stage.machine.history.records.map(\.outcome) == [.started, .unconfirmed, .confirmed])
    #expect(try stage.run(.confirm).reply.error?.slug == .badArgument)
  }

  @Test("when nobody confirms, the old is put back by itself and health is told")
  func expired() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change, Self.minute)
    let ending = try stage.run(.expire(ticket: 1), by: "collector", at: 60)
    #expect(stage.steps == ["disarm", "revert values", "revert nats", "adopt 1"])
    #expect(ending.outcome == .expired)
    #expect(stage.machine.current.generation == 1)
    #expect(stage.machine.previous == nil)
    #expect(
      stage.machine.lastError == "generation 2 was not confirmed within 60 s; generation 1 is active again")
  }

  @Test("a time that was over for something confirmed long ago undoes nothing")
  func lateExpiry() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change, Self.minute)
    try stage.run(.confirm)
    try stage.reload("nats: { grace: 8s }", Self.minute)
    let ending = try stage.run(.expire(ticket: 1))
    #expect(stage.steps.isEmpty)
    #expect(!ending.isRecorded)
    #expect(stage.machine.confirmation?.ticket == 2)
  }

  @Test("while a confirmation is awaited reloads are refused with the time that is left; dry runs are not")
  func refusedMeanwhile() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change, Self.minute)
    let ending = try stage.run(.reload(ReloadRequest()), at: 18)
    #expect(
      ReplyWriter.text(ending.reply)
        == #"ERR 409 reload-in-progress: generation 2 waits for confirmation, 42 s left; "confirm" keeps it, "rollback" takes it back seconds_left=42 generation=2"#
        + "\n")
    #expect(stage.machine.lastError == nil)
    #expect(try stage.reload("nats: { grace: 7s }", ReloadRequest(dryRun: true)).succeeded)
  }

  @Test("rollback while a confirmation is awaited puts the old back at once")
  func rollbackMeanwhile() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change, Self.minute)
    let ending = try stage.run(.reload(ReloadRequest(kind: .rollback)))
    #expect(stage.steps == ["disarm", "revert values", "revert nats", "adopt 1"])
    #expect(ending.outcome == .rolledBack)
    #expect(ending.reply.generation == 1)
    #expect(stage.machine.lastError == nil)
  }

  @Test("rollback goes to the settings before, as a new generation, and says that the files differ")
  func rollback() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change)
    let ending = try stage.run(.reload(ReloadRequest(kind: .rollback)))
    #expect(!stage.asked.contains("read"))
    #expect(
      stage.steps == [
        "commit nats", "commit values", "adopt 3", "verify nats+values 10.0 seconds", "finish nats", "finish values",
        "save",
      ])
    #expect(ending.outcome == .rolledBack)
    #expect(ending.summary == "back to the settings of generation 1: nats.client_name, nats.grace")
    #expect(ending.reply.warnings.count == 1)
    #expect(stage.machine.current.settings.nats.grace == .seconds(5))
    #expect(stage.machine.previous?.generation == 2)
    // The one before is now the one that was left.
    try stage.run(.reload(ReloadRequest(kind: .rollback)))
    #expect(stage.machine.current.generation == 4)
    #expect(stage.machine.current.settings.nats.grace == .seconds(9))
  }

  @Test("before the first change there is nothing to roll back to")
  func nothingBefore() throws {
    var stage = try MachineStage()
    #expect(try stage.run(.reload(ReloadRequest(kind: .rollback))).reply.error?.slug == .badArgument)
  }

  @Test("a time to confirm that would keep two of everything open for a day is refused")
  func tooLong() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.change, ReloadRequest(confirmWithin: .seconds(3601)))
    #expect(ending.reply.error?.slug == .badArgument)
    #expect(stage.asked.isEmpty)
  }

  @Test("nothing to change leaves nothing to confirm")
  func unchangedNeedsNoConfirmation() throws {
    var stage = try MachineStage()
    #expect(try stage.reload("nats: { grace: 5s }", Self.minute).outcome == .unchanged)
    #expect(stage.machine.confirmation == nil)
  }

  // MARK: Restarts

  static let restart = "collector: { state_directory: /elsewhere }\nnats: { grace: 9s }"

  @Test("a key that needs a restart refuses the whole reload and names key and place")
  func restartRequired() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.restart)
    #expect(stage.asked == ["read"])
    #expect(
      ending.reply.body
        == ["c.yaml:1:31: collector.state_directory: /var/lib/marketprism → /elsewhere (restart)"])
    #expect(ending.reply.error?.slug == .restartRequired)
    #expect(stage.machine.lastError == ending.summary)
  }

  @Test("allow-pending applies the rest and marks what waits, until the files take it back")
  func allowPending() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.restart, ReloadRequest(allowPending: true))
    #expect(ending.outcome == .applied)
    #expect(
      ReplyWriter.text(ending.reply).hasSuffix(
        "OK changed=true changes=1 pending_restart=collector.state_directory generation=2\n"))
    #expect(stage.machine.current.settings.nats.grace == .seconds(9))
    #expect(stage.machine.current.settings.collector.stateDirectory == "/var/lib/marketprism")
    #expect(stage.machine.current.loaded?.settings == stage.machine.current.settings)
    #expect(stage.machine.current.pending.map(\.keyPath) == ["collector.state_directory"])
    // Asked again there is nothing more to do, and it still waits.
    let again = try stage.reload(Self.restart, ReloadRequest(allowPending: true))
    #expect(
      ReplyWriter.text(again.reply)
        == "OK changed=false changes=0 pending_restart=collector.state_directory generation=2\n")
    try stage.reload("nats: { grace: 9s }")
    #expect(stage.machine.current.pending.isEmpty)
  }

  @Test("a dry run of what needs a restart is refused as the reload would be")
  func dryRestart() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.restart, ReloadRequest(dryRun: true))
    #expect(ending.reply.error?.slug == .restartRequired)
    #expect(stage.machine.lastError == nil)
  }

  @Test("a key whose component is not there needs a restart")
  func noComponent() throws {
    var stage = try MachineStage()
    stage.machine.components = ["values"]
    #expect(try stage.reload(Self.change).reply.error?.slug == .restartRequired)
  }

  // MARK: The end, and the start with old settings

  @Test("when the process ends in the middle, what was only opened is closed, what was swapped is finished unseen")
  func stopping() throws {
    var stage = try MachineStage()
    stage.before["prepare nats"] = { $0.isStopping = true }
    let ending = try stage.reload(Self.change)
    #expect(ending.reply.error?.slug == .shuttingDown)
    #expect(stage.steps == ["discard nats"])
    stage = try MachineStage()
    stage.before["commit nats"] = { $0.isStopping = true }
    try stage.reload(Self.change)
    #expect(stage.steps == ["commit nats", "commit values", "adopt 2", "finish nats", "finish values"])
    #expect(try stage.run(.reload(ReloadRequest())).reply.error?.slug == .shuttingDown)
  }

  @Test("the end of the process closes what a confirmation kept open")
  func closing() throws {
    var stage = try MachineStage()
    try stage.reload(Self.change, Self.minute)
    try stage.run(.close)
    #expect(stage.steps == ["disarm", "finish nats", "finish values"])
    #expect(try stage.run(.close).isRecorded == false)
  }

  @Test("a reload that is undone leads back to the last good settings, and health is told")
  func fallbackAgain() throws {
    let why = "c.yaml:1:1: natz: unknown key"
    var stage = try MachineStage(fallback: why)
    try stage.reload(Self.change, Self.minute)
    #expect(stage.machine.fallback == nil)
    try stage.run(.expire(ticket: 1), by: "collector", at: 60)
    #expect(stage.machine.fallback == why)
  }

  @Test("a good reload ends the use of the last good settings, a bad one does not")
  func fallback() throws {
    var stage = try MachineStage(fallback: "c.yaml:1:1: natz: unknown key")
    stage.answers["prepare values"] = .failed(ReloadFailure(component: "values", "no"))
    try stage.reload("nats: { grace: 6s }")
    #expect(stage.machine.fallback == "c.yaml:1:1: natz: unknown key")
    stage.answers = [:]
    try stage.reload("nats: { grace: 6s }")
    #expect(stage.machine.fallback == nil)
  }
}
