import AdminProtocol
import Settings
import Testing

@testable import Agent

@Suite("The reload machine")
struct ReloadMachineTests {
  /// Touches http, nats and values.
  static let threeChanges = "collector: { http_port: 9000 }\nnats: { grace: 9s, client_name: other }"

  @Test("what changed is prepared in order, swapped, looked at, and only then the old is closed")
  func applies() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.threeChanges)
    #expect(
      stage.asked == [
        "read", "prepare http", "prepare admin", "prepare nats", "prepare feeds", "prepare values", "commit http",
        "commit nats", "commit values", "adopt 2", "verify http+nats+values 10.0 seconds", "finish http", "finish nats",
        "finish values", "save",
      ])
    #expect(
      stage.progress == [
        "parsed 1 file", "preparing http", "preparing nats", "preparing values", "swapping http, nats, values",
        "verifying generation 2, at most 10 s",
      ])
    #expect(ending.outcome == .applied)
    #expect(
      ReplyWriter.text(ending.reply) == """
        collector.http_port: 8081 → 9000 (rebuild http)
        nats.client_name: marketprism-collector → other (rebuild nats)
        nats.grace: 5s → 9s (hot)
        OK changed=true changes=3 generation=2

        """)
    #expect(stage.machine.current.settings.collector.httpPort == 9000)
    #expect(stage.machine.previous?.generation == 1)
  }

  @Test("the same content has no side effect and no new generation")
  func sameContent() throws {
    var stage = try MachineStage()
    let ending = try stage.reload("nats: { grace: 5000ms }\n# another spelling")
    // The same settings; where they stand in the files may have changed.
    #expect(stage.asked == ["read", "adopt 1"])
    #expect(ending.outcome == .unchanged)
    #expect(ReplyWriter.text(ending.reply) == "OK changed=false changes=0 generation=1\n")
  }

  @Test("a dry run tells the plan and leaves no trace")
  func dryRun() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.threeChanges, ReloadRequest(dryRun: true))
    #expect(stage.asked == ["read"])
    #expect(ending.reply.body.count == 3)
    #expect(ReplyWriter.text(ending.reply).hasSuffix("OK changed=false changes=3 generation=1\n"))
    #expect(stage.machine.history.records.map(\.outcome) == [.started])
    #expect(stage.machine.current.settings.collector.httpPort == 8081)
  }

  @Test("files with errors are refused with all of them, and health is told")
  func invalid() throws {
    var stage = try MachineStage()
    guard
      case .failure(let errors) = SettingsLoader.load(
        text: "natz: {}\nproxi: {}", name: "c.yaml", supported: MachineStage.supported)
    else {
      Issue.record("must be wrong")
      return
    }
    stage.files = .failure(errors)
    let ending = try stage.run(.reload(ReloadRequest()))
    #expect(stage.progress == ["parsed 1 file"])
    #expect(ending.reply.body.count == errors.errors.count)
    #expect(
      ReplyWriter.text(ending.reply).hasSuffix(
        "ERR 422 invalid-config: \(errors.errors.count) errors, generation 1 still active errors=\(errors.errors.count) generation=1\n"
      ))
    #expect(
      stage.machine.lastError?.hasPrefix("\(errors.errors.count) errors, generation 1 still active: c.yaml:1:1") == true
    )
    try stage.reload("nats: { grace: 5s }")
    #expect(stage.machine.lastError == nil)
  }

  @Test("files that cannot be read in time are given up")
  func unreadable() throws {
    var stage = try MachineStage()
    stage.answers["read"] = .gaveUp
    let ending = try stage.run(.reload(ReloadRequest()))
    #expect(ending.reply.error?.slug == .timeout)
    #expect(stage.machine.giveUps == [.read: 1])
    #expect(stage.machine.lastError != nil)
  }

  @Test(
    "when a component cannot prepare, what the ones before it opened is closed, the last first, and nothing was visible"
  )
  func prepareFails() throws {
    var stage = try MachineStage()
    stage.answers["prepare values"] = .failed(
      ReloadFailure(component: "values", keyPath: "nats.grace", "is not to my taste"))
    let ending = try stage.reload(Self.threeChanges)
    #expect(stage.steps == ["discard nats", "discard http"])
    #expect(ending.outcome == .failed)
    #expect(ending.reply.body == ["c.yaml:2:16: nats.grace: is not to my taste"])
    #expect(
      ReplyWriter.text(ending.reply).hasSuffix(
        "ERR 422 invalid-config: values: is not to my taste; generation 1 still active component=values generation=1\n")
    )
    #expect(stage.machine.current.generation == 1)
    #expect(stage.machine.current.settings.collector.httpPort == 8081)
    // The number was never in force, so the next one gets it.
    stage.answers = [:]
    #expect(try stage.reload(Self.threeChanges).reply.generation == 2)
  }

  @Test("a server that refuses is told apart from a configuration that is wrong")
  func dependency() throws {
    var stage = try MachineStage()
    stage.answers["prepare nats"] = .failed(ReloadFailure(component: "nats", "connection refused"))
    #expect(try stage.reload(Self.threeChanges).reply.error?.slug == .dependencyDown)
  }

  @Test("a component that does not come back from preparing is given up, counted, and the rest is closed")
  func prepareHangs() throws {
    var stage = try MachineStage()
    stage.answers["prepare nats"] = .gaveUp
    let ending = try stage.reload(Self.threeChanges)
    #expect(stage.steps == ["discard http"])
    #expect(ending.reply.error?.slug == .timeout)
    #expect(stage.machine.giveUps == [.prepare: 1])
  }

  @Test("a component that does not come back from swapping is put back with all before it; the rest is closed")
  func commitHangs() throws {
    var stage = try MachineStage()
    stage.answers["commit nats"] = .gaveUp
    let ending = try stage.reload(Self.threeChanges)
    #expect(stage.steps == ["commit http", "commit nats", "discard values", "revert nats", "revert http"])
    #expect(ending.outcome == .reverted)
    #expect(stage.machine.current.generation == 1)
    #expect(stage.machine.giveUps == [.commit: 1])
  }

  @Test("what does not work is put back, the last first, and the generation before is in force again")
  func verifyFails() throws {
    var stage = try MachineStage()
    try stage.reload("nats: { grace: 6s }")
    stage.answers["verify http+nats+values 10.0 seconds"] = .failed(
      ReloadFailure(component: "nats", "lost within 3 s"))
    let ending = try stage.reload(Self.threeChanges)
    #expect(
      stage.steps == [
        "commit http", "commit nats", "commit values", "adopt 3", "verify http+nats+values 10.0 seconds",
        "revert values", "revert nats", "revert http", "adopt 2",
      ])
    #expect(stage.progress.last == "putting generation 2 back")
    #expect(ending.outcome == .reverted)
    #expect(
      ReplyWriter.text(ending.reply)
        == "nats: lost within 3 s\nERR 409 dependency-down: nats: lost within 3 s; generation 2 is active again component=nats generation=2\n"
    )
    #expect(stage.machine.current.settings.nats.grace == .seconds(6))
    #expect(stage.machine.previous?.generation == 1)
    // A number that was seen is not given again: if-generation 3 must not mean two things.
    stage.answers = [:]
    #expect(try stage.reload(Self.threeChanges).reply.generation == 4)
  }

  @Test("undoing and closing that hang are given up, counted, and the others still get their turn")
  func undoHangs() throws {
    var stage = try MachineStage()
    stage.answers["verify http+nats+values 10.0 seconds"] = .failed(
      ReloadFailure(component: "nats", "late", isTimeout: true))
    stage.answers["revert nats"] = .gaveUp
    try stage.reload(Self.threeChanges)
    #expect(stage.steps.suffix(4) == ["revert values", "revert nats", "revert http", "adopt 1"])
    stage.answers = ["prepare values": .gaveUp, "discard nats": .gaveUp]
    try stage.reload(Self.threeChanges)
    #expect(stage.steps == ["discard nats", "discard http"])
    stage.answers = ["finish http": .gaveUp]
    #expect(try stage.reload(Self.threeChanges).outcome == .applied)
    #expect(stage.steps.suffix(4) == ["finish http", "finish nats", "finish values", "save"])
    #expect(stage.machine.giveUps == [.verify: 1, .revert: 1, .prepare: 1, .discard: 1, .finish: 1])
  }

  @Test("what is not better than before is a warning, not a failure")
  func warnings() throws {
    var stage = try MachineStage()
    stage.answers["verify values 10.0 seconds"] = .verified(["feeds: binance-spot is still down"])
    let ending = try stage.reload("nats: { grace: 6s }")
    #expect(ending.outcome == .applied)
    #expect(ending.reply.warnings == ["feeds: binance-spot is still down"])
  }

  @Test("verification has the time that the new settings give it")
  func verifyTimeout() throws {
    var stage = try MachineStage()
    try stage.reload("collector: { verify_timeout: 250ms }")
    #expect(stage.steps.contains("verify values 0.25 seconds"))
  }

  @Test("another generation than the one named is refused, and health does not mind")
  func generationMismatch() throws {
    var stage = try MachineStage()
    let ending = try stage.reload(Self.threeChanges, ReloadRequest(ifGeneration: 9))
    #expect(stage.asked.isEmpty)
    #expect(
      ReplyWriter.text(ending.reply) == "ERR 412 generation-mismatch: generation 1 is active, not 9 generation=1\n")
    #expect(stage.machine.lastError == nil)
    #expect(try stage.reload(Self.threeChanges, ReloadRequest(ifGeneration: 1)).outcome == .applied)
  }

  @Test("without files there is nothing to reload")
  func noFiles() throws {
    var stage = try MachineStage(hasFiles: false)
    #expect(try stage.run(.reload(ReloadRequest())).reply.error?.slug == .badArgument)
    #expect(stage.asked.isEmpty)
  }

  @Test("inputs that belong to no state change nothing")
  func strangeInputs() throws {
    var stage = try MachineStage()
    for input: ReloadMachine.Input in [
      .done, .gaveUp, .verified([]), .prepared(isTouched: true), .failed(ReloadFailure(component: "nats", "x")),
    ] {
      #expect(stage.machine.handle(input).isEmpty)
    }
    #expect(stage.machine.current.generation == 1)
  }

  @Test("the history keeps the latest runs with who and what, and counts them all")
  func history() throws {
    var stage = try MachineStage()
    for _ in 0..<100 { try stage.run(.reload(ReloadRequest()), by: "signal") }
    try stage.reload("nats: { grace: 6s }")
    let records = stage.machine.history.records
    #expect(records.count == ReloadHistory.limit)
    #expect(records.last?.outcome == .applied)
    #expect(records.last?.by == "uid 7")
    #expect(records.last?.summary == "nats.grace")
    #expect(stage.machine.history.counts[.unchanged] == 100)
    #expect(
      ReloadReplies.history(stage.machine).body.last == "2 1970-01-01T00:16:40Z applied by uid 7: nats.grace")
  }
}
