import Delivery
import Logging
import Settings
import Synchronization

/// Plain values in a reload: the log level and what the file says of NATS's policy. `nats.grace`, `nats.startup_timeout` and
/// `collector.verify_timeout` are read from the settings in force where they are used, and need no step of their own.
struct ValuesReloadComponent: ReloadComponent {
  let name = "values"

  /// The keys whose values are taken over here, or are read where they are used.
  static let keys = [
    "collector.log_level", "collector.verify_timeout", "nats.optional", "nats.startup_timeout", "nats.grace",
  ]

  /// Owns this component, and so outlives it.
  private unowned let agent: CollectorAgent

  init(agent: CollectorAgent) {
    self.agent = agent
  }

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    guard change.changes.contains(where: { Self.keys.contains($0.keyPath) }) else { return nil }
    return PreparedValues(change, agent: agent)
  }
}

/// Plain values that are going to change.
final class PreparedValues: PreparedComponent {
  private struct Before {
    var level: (configured: Logger.Level, override: ActiveOverride?)?
    var policy: (old: DependencyPolicy, new: DependencyPolicy)?
  }

  private let change: ReloadChange
  private let agent: CollectorAgent
  private let before = Mutex(Before())

  init(_ change: ReloadChange, agent: CollectorAgent) {
    self.change = change
    self.agent = agent
  }

  func commit() async {
    if change.touches("collector.log_level"),
      let level = Logger.Level(rawValue: change.new.collector.logLevel.rawValue)
    {
      let configured = agent.logControl.configured
      let override = await agent.configuredLogLevelChanged(to: level)
      before.withLock { $0.level = (configured, override) }
    }
    if change.touches("nats.optional") {
      let policies = await agent.takePolicy(change.new.nats.optional ? .optional : .required)
      before.withLock { $0.policy = policies }
    }
  }

  /// There is nothing that could not work.
  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] { [] }

  /// What an operator has said since then stays.
  func revert() async {
    let before = before.withLock { $0 }
    if let level = before.level { await agent.restoreLogLevel(level.configured, level.override) }
    if let policy = before.policy { await agent.restorePolicy(policy.old, insteadOf: policy.new) }
  }

  func discard() async {}

  func finish() async {}
}

extension CollectorAgent {
  /// Takes the file's word on NATS.
  ///
  /// - Returns: the policy before and after.
  func takePolicy(_ requirement: DependencyPolicy.Requirement) -> (old: DependencyPolicy, new: DependencyPolicy) {
    let old = policy
    _ = policy.fileChanged(to: requirement)
    return (old, policy)
  }

  /// Takes a change of the file's word back; an override that was set since then stays over it.
  func restorePolicy(_ old: DependencyPolicy, insteadOf new: DependencyPolicy) {
    if policy == new {
      policy = old
      return
    }
    let active = policy.activeOverride
    _ = policy.fileChanged(to: old.fileValue)
    if let active {
      _ = policy.setOverride(
        active.requirement, uid: active.uid, reason: active.reason, at: active.setAt, until: active.until)
    }
  }
}
