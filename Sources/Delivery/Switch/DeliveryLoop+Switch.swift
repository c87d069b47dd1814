import Logging

/// From one connection to another without losing or doubling an event.
///
/// The thread publishes a batch whole before it looks at orders, and has what it wrote confirmed before it switches:
/// so every event is on exactly one of the two connections. What arrives meanwhile waits in the outbox.
extension DeliveryLoop {
  /// Takes one step and tells who waits for it.
  func carryOut(_ order: SwitchOrder) {
    switch order.step {
    case .adopt: adopt(order.candidate)
    case .resume: resume(order.candidate)
    case .retire: if former?.candidate === order.candidate { retireFormer() }
    }
    order.done.open()
  }

  private func adopt(_ candidate: LinkCandidate) {
    retireFormer()
    settle()
    former = FormerLink(
      candidate: candidate, settings: settings, servers: servers, route: machine.route, connection: connection)
    let servers = candidate.settings.urls.map(ServerAddress.init)
    use(candidate.settings, servers, candidate.connection)
    let route = LinkStateMachine.Route(
      serverCount: servers.count, server: candidate.server, backoff: candidate.settings.backoff,
      isConnected: candidate.connection != nil)
    perform(machine.adopt(route, now: SystemClock.wall()))
  }

  private func resume(_ candidate: LinkCandidate) {
    guard let former, former.candidate === candidate else { return }
    self.former = nil
    settle()
    connection?.close()
    let isOpen = former.connection.map { !$0.isClosed } ?? false
    if former.connection != nil, !isOpen { machine.retired() }
    use(former.settings, former.servers, isOpen ? former.connection : nil)
    var route = former.route
    route.isConnected = isOpen
    perform(machine.resume(route, now: SystemClock.wall()))
  }

  private func retireFormer() {
    guard let former else { return }
    self.former = nil
    guard let connection = former.connection else { return }
    connection.close()
    machine.retired()
    shared.status.withLock { $0.disconnects = machine.disconnects }
  }

  private func use(_ settings: LinkSettings, _ servers: [ServerAddress], _ connection: NATSConnection?) {
    self.settings = settings
    self.servers = servers
    self.connection = connection
    if let connection { shared.status.withLock { $0.maximumPayload = connection.maximumPayload } }
    retryAt = .max
    markAt = 0
  }

  /// Has what was written confirmed, within the flush timeout; what is not confirmed by then is counted so.
  private func settle() {
    guard let connection, inFlight.count > 0 else { return }
    do throws(LinkFailure) {
      try connection.flush(timeout: settings.flushTimeout, waiting: shared.beat)
      shared.count(inFlight.confirmAll(), .published)
    } catch {
      let lost = inFlight.giveUp()
      shared.logger.warning(
        "events on the connection that is left were not confirmed",
        metadata: ["count": "\(lost.total)", "reason": "\(error)"])
      shared.count(lost, .unconfirmed)
    }
  }
}
