/// The parts of the agent itself that a reload can change.
extension CollectorAgent {
  /// Adds them, but for those that somebody has added in their place.
  func addOwnComponents() {
    let own: [any ReloadComponent] = [
      FeedsReloadComponent(roster: roster, factory: factory), ValuesReloadComponent(agent: self),
    ]
    for component in own where !components.contains(where: { $0.name == component.name }) { add(component: component) }
  }
}
