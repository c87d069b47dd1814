import AdminProtocol
import Glibc
import NIOPosix
import Settings
import Synchronization
import Testing

@testable import Agent

@Suite("Reloads carried out", .timeLimit(.minutes(1)))
struct ReloadRunTests {
  static let caller = Caller(uid: 7, gid: 7, pid: 7, role: .admin)

  let folder: TemporaryFolder
  let resources = FakeResources()
  let agent: CollectorAgent

  init() async throws {
    folder = try TemporaryFolder()
    try Self.write("nats: { grace: 5s }", in: folder)
    let file = "\(folder.path)/c.yaml"
    let loaded = try SettingsCheck.load(file: file, environment: [:]).get()
    var start = CollectorAgent.Start(settings: loaded.settings, file: file, environment: [:], version: "1")
    start.loaded = loaded
    start.reloadObserver = { [resources] notice in resources.state.withLock { $0.notices.append(notice) } }
    agent = CollectorAgent(
      start: start, group: MultiThreadedEventLoopGroup.singleton, logControl: LogControl(level: .critical))
    for name in ["feeds", "http", "nats"] { await agent.add(component: resources.component(name)) }
    await agent.shortenTimes()
  }

  private static func write(_ text: String, in folder: TemporaryFolder) throws {
    let collector = "collector: { state_directory: \(folder.path), verify_timeout: 100ms }"
    let entry = "{ exchange: binance, market_type: spot, symbols: [BTCUSDT], data_types: [trade] }"
    try folder.write("\(collector)\n\(text)\nexchanges: [\(entry)]\n", to: "c.yaml")
  }

  /// A change that belongs to a component there is.
  private func change(_ number: Int = 1) throws { try Self.write("nats: { client_name: c\(number) }", in: folder) }

  private func reload(_ request: ReloadRequest = ReloadRequest()) async -> Reply {
    await agent.reload(request, caller: Self.caller, output: .none)
  }

  @Test("components are asked in their order, whatever the order of adding")
  func order() async throws {
    try change()
    let reply = await reload()
    #expect(reply.error == nil, "\(reply)")
    #expect(
      resources.log == ["prepare", "commit"].flatMap { step in ["http", "nats", "feeds"].map { "\($0) \(step)" } }
        + resources.log.filter { $0.hasSuffix("verify") }
        + ["http", "nats", "feeds"].map { "\($0) finish" })
    #expect(await agent.settings.nats.clientName == "c1")
    #expect(agent.generation == 2)
    #expect(resources.isTidy)
    #expect(
      resources.state.withLock(\.notices) == [.began, .ended(succeeded: true, summary: "nats.client_name")])
    await agent.stop(timeout: .zero)
  }

  @Test(
    "whatever fails or hangs before the end, the settings before stay in force and what was open answers",
    arguments: [
      ("prepare", FakeResources.Trouble.fails), ("prepare", .hangs), ("commit", .hangs), ("verify", .fails),
      ("verify", .hangs),
    ], ["http", "nats", "feeds"])
  func trouble(_ at: (step: String, trouble: FakeResources.Trouble), component: String) async throws {
    try change()
    resources.set(at.trouble, at: "\(component) \(at.step)")
    let reply = await reload()
    #expect(reply.error != nil)
    #expect(reply.error?.fields.first?.value == component)
    #expect(reply.generation == 1)
    #expect(agent.generation == 1)
    #expect(await agent.settings.nats.clientName == "marketprism-collector")
    for name in ["http", "nats", "feeds"] { #expect(resources.visible(name) == 0, "\(name)") }
    // What came too late is closed too.
    resources.release()
    try await eventually { resources.isTidy }
    let giveUps = await agent.desk.machine.giveUps
    #expect(giveUps.values.reduce(0, +) == (at.trouble == .hangs ? 1 : 0))
    // The next one is not hindered by it.
    resources.set(nil, at: "\(component) \(at.step)")
    #expect(await reload().error == nil)
    #expect(resources.isTidy)
    await agent.stop(timeout: .zero)
  }

  @Test(
    "an undo or a closing that hangs does not keep the others from theirs", arguments: ["revert", "discard", "finish"])
  func hangingUndo(step: String) async throws {
    try change()
    resources.set(.hangs, at: "nats \(step)")
    if step == "revert" { resources.set(.fails, at: "http verify") }
    if step == "discard" { resources.set(.fails, at: "feeds prepare") }
    let reply = await reload()
    #expect((reply.error == nil) == (step == "finish"))
    #expect(agent.generation == (step == "finish" ? 2 : 1))
    #expect(resources.log.contains("http \(step)"))
    resources.release()
    try await eventually { resources.isTidy }
    await agent.stop(timeout: .zero)
  }

  @Test("a hundred reloads at once are few runs, and everyone hears of one that began after asking")
  func storm() async throws {
    try change()
    let replies = await withTaskGroup(of: Reply.self) { group in
      for _ in 0..<100 { group.addTask { await reload() } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(replies.count == 100)
    #expect(replies.allSatisfy { $0.error == nil && $0.generation == 2 })
    let runs = await agent.desk.machine.history.counts
    #expect((runs[.applied] ?? 0) == 1)
    #expect((runs[.unchanged] ?? 0) <= 3, "\(runs)")
    #expect(resources.isTidy)
    await agent.stop(timeout: .zero)
  }

  @Test("a request that comes while one runs is answered by a run that has read the files after it")
  func included() async throws {
    try change(1)
    resources.set(.hangs, at: "nats prepare")
    let first = Task { await reload() }
    try await eventually { resources.log.contains("nats prepare") }
    try change(2)
    let second = Task { await reload() }
    try await eventually { await !agent.desk.queue.waiting.isEmpty }
    resources.release()
    #expect(await first.value.generation == 2)
    #expect(await second.value.generation == 3)
    #expect(await agent.settings.nats.clientName == "c2")
    await agent.stop(timeout: .zero)
  }

  @Test("without confirmation in time everything goes back by itself")
  func unconfirmed() async throws {
    try change()
    let reply = await reload(ReloadRequest(confirmWithin: .milliseconds(150)))
    #expect(reply.generation == 2)
    #expect(resources.visible("nats") != 0)
    #expect(await reload().error?.slug == .reloadInProgress)
    try await eventually { agent.generation == 1 }
    #expect(resources.isTidy)
    #expect(resources.visible("nats") == 0)
    #expect(await agent.settings.nats.clientName == "marketprism-collector")
    #expect(await agent.status().reload.lastError?.contains("was not confirmed within 150 ms") == true)
    await agent.stop(timeout: .zero)
  }

  @Test("what is confirmed in time stays")
  func confirmed() async throws {
    try change()
    #expect(await reload(ReloadRequest(confirmWithin: .milliseconds(300))).error == nil)
    #expect(await agent.status().reload.confirmUntil != nil)
    #expect(await agent.confirm(caller: Self.caller, output: .none).error == nil)
    #expect(resources.isTidy)
    try await Task.sleep(for: .milliseconds(400))
    #expect(agent.generation == 2)
    await agent.stop(timeout: .zero)
  }

  @Test("the end of the process waits neither for a reload that hangs nor for a confirmation")
  func stopping() async throws {
    try change()
    resources.set(.hangs, at: "nats prepare")
    let pending = Task { await reload() }
    try await eventually { resources.log.contains("nats prepare") }
    let waiting = Task { await reload() }
    try await eventually { await !agent.desk.queue.waiting.isEmpty }
    let clock = ContinuousClock()
    let time = await clock.measure { await agent.stop(timeout: .zero) }
    #expect(time < .seconds(3))
    resources.release()
    #expect(await pending.value.error != nil)
    #expect(await waiting.value.error?.slug == .shuttingDown)
    try await eventually { resources.isTidy }
  }

  /// Waits until it holds, ten seconds at most.
  private func eventually(_ holds: () async throws -> Bool) async throws {
    for _ in 0..<2000 {
      if try await holds() { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("not within 10 s; asked for: \(resources.log)")
  }
}

extension CollectorAgent {
  /// A test need not wait as long as a network may take.
  fileprivate func shortenTimes() {
    desk.times.prepare = .milliseconds(100)
    desk.times.swap = .milliseconds(100)
    desk.times.finish = .milliseconds(100)
    desk.times.slack = .milliseconds(50)
  }
}
