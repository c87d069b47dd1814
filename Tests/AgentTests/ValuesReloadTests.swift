import Delivery
import Logging
import NIOPosix
import Settings
import Testing

@testable import Agent

@Suite("Plain values in a reload")
struct ValuesReloadTests {
  private let control = LogControl(level: .info)
  private let settings = CollectorSettings()
  private let agent: CollectorAgent

  init() {
    agent = CollectorAgent(
      start: .init(settings: settings, file: nil, environment: [:], version: "1"),
      group: MultiThreadedEventLoopGroup.singleton, logControl: control)
  }

  /// Every test ends the agent: its REST client must not be let go while it is open.
  private func prepare(_ change: (inout CollectorSettings) -> Void) async throws -> (any PreparedComponent)? {
    var new = settings
    change(&new)
    return try await ValuesReloadComponent(agent: agent).prepare(
      ReloadChange(
        old: settings, new: new, changes: SettingsDiff.changes(from: settings, to: new),
        deadline: .now + .seconds(1)))
  }

  @Test("the log level and the policy change with the swap, not before, and change back")
  func toAndFro() async throws {
    let prepared = try #require(
      try await prepare {
        $0.collector.logLevel = .error
        $0.nats.optional = false
      })
    #expect(control.level(of: "x") == .info)
    #expect(await agent.policy.requirement == .optional)
    await prepared.commit()
    #expect(control.level(of: "x") == .error)
    #expect(await agent.policy.requirement == .required)
    #expect(try await prepared.verify(until: .now) == [])
    await prepared.revert()
    #expect(control.level(of: "x") == .info)
    #expect(await agent.policy.requirement == .optional)
    await agent.stop(timeout: .zero)
  }

  @Test("an override gives way to the file's new word, and is back when that is taken back")
  func override() async throws {
    await agent.override(.required, uid: 7)
    let prepared = try #require(try await prepare { $0.nats.optional = false })
    await prepared.commit()
    #expect(await agent.policy.activeOverride == nil)
    await prepared.revert()
    #expect(await agent.policy.activeOverride?.uid == 7)
    #expect(await agent.policy.fileValue == .optional)
    await agent.stop(timeout: .zero)
  }

  @Test("an override of the log level gives way to the file's new level, and is back when that is taken back")
  func logLevelOverride() async throws {
    await agent.overrideLogLevel(.debug)
    let prepared = try #require(try await prepare { $0.collector.logLevel = .error })
    await prepared.commit()
    #expect(control.level(of: "x") == .error)
    #expect(await agent.overrides[.logLevel(label: nil)] == nil)
    await prepared.revert()
    #expect(control.level(of: "x") == .debug)
    #expect(await agent.overrides[.logLevel(label: nil)]?.by == "uid 7")
    await agent.stop(timeout: .zero)
  }

  @Test("what an operator says after the swap outlives the way back")
  func later() async throws {
    let prepared = try #require(
      try await prepare {
        $0.collector.logLevel = .error
        $0.nats.optional = false
      })
    await prepared.commit()
    control.set(.debug, label: nil)
    await agent.override(.optional, uid: 8)
    await prepared.revert()
    #expect(control.level(of: "x") == .debug)
    #expect(await agent.policy.activeOverride?.uid == 8)
    #expect(await agent.policy.fileValue == .optional)
    await agent.stop(timeout: .zero)
  }

  @Test("values that are read where they are used concern it too; what is others' does not")
  func concerns() async throws {
    #expect(try await prepare { $0.nats.grace = .seconds(9) } != nil)
    #expect(try await prepare { $0.collector.verifyTimeout = .seconds(9) } != nil)
    let others = try await prepare { $0.nats.urls = ["nats://other"] }
    #expect(others == nil)
    await agent.stop(timeout: .zero)
  }
}

extension CollectorAgent {
  fileprivate func overrideLogLevel(_ level: Logger.Level) {
    _ = overrides.set(
      ActiveOverride(
        key: .logLevel(label: nil), value: level.rawValue, by: "uid 7", reason: nil, setAt: 1, until: nil))
    logControl.set(level, label: nil)
  }

  fileprivate func override(_ requirement: DependencyPolicy.Requirement, uid: UInt32) {
    _ = policy.setOverride(requirement, uid: uid, at: 1)
  }
}
