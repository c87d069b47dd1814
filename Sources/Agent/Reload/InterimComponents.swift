import Feeds
import Logging
import Settings

/// Until the feeds bring their own component: symbols follow live, everything else of an entry is refused.
struct InterimFeedsComponent: ReloadComponent {
  let name = "feeds"
  let agent: CollectorAgent

  struct Prepared: PreparedComponent {
    let agent: CollectorAgent
    let change: ReloadChange
    func commit() async { await agent.follow(change.new, change.changes) }
    func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] { [] }
    func revert() async { await agent.follow(change.old, change.changes) }
    func discard() async {}
    func finish() async {}
  }

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    for change in change.changes where ReloadComponentTable.component(of: change.keyPath) == name {
      guard change.exchange != nil, change.keyPath.hasSuffix("].symbols") else {
        throw ReloadFailure(component: name, keyPath: change.keyPath, "cannot be changed live by this version")
      }
    }
    return change.touches("exchanges") ? Prepared(agent: agent, change: change) : nil
  }
}

/// Until the values have their own component.
struct InterimValuesComponent: ReloadComponent {
  let name = "values"
  let agent: CollectorAgent

  struct Prepared: PreparedComponent {
    let agent: CollectorAgent
    let change: ReloadChange
    func commit() async { await agent.take(change.new, instead: change.old) }
    func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] { [] }
    func revert() async { await agent.take(change.old, instead: change.new) }
    func discard() async {}
    func finish() async {}
  }

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    Prepared(agent: agent, change: change)
  }
}

extension CollectorAgent {
  /// Adds the components that nobody else has added.
  func addInterimComponents() {
    if !components.contains(where: { $0.name == "feeds" }) { add(component: InterimFeedsComponent(agent: self)) }
    if !components.contains(where: { $0.name == "values" }) { add(component: InterimValuesComponent(agent: self)) }
  }

  fileprivate func follow(_ new: CollectorSettings, _ changes: [SettingsChange]) async {
    let byName = Dictionary(new.exchanges.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for feed in feeds {
      guard changes.contains(where: { $0.exchange == feed.configuration.name }),
        let entry = byName[feed.configuration.name]
      else { continue }
      await feed.follow(FeedFactory.instruments(of: entry))
    }
  }

  fileprivate func take(_ new: CollectorSettings, instead old: CollectorSettings) {
    if new.collector.logLevel != old.collector.logLevel,
      let level = Logger.Level(rawValue: new.collector.logLevel.rawValue)
    {
      configuredLogLevelChanged(to: level)
    }
    _ = policy.fileChanged(to: new.nats.optional ? .optional : .required)
  }
}
