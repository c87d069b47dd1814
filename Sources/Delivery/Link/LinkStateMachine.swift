/// The life of the link to NATS as a value: inputs go in with the time, actions come out.
///
///     off ── start ──▶ connecting ── dialled ──▶ up ── lost ──▶ down ── retryDue, dialled ──▶ up
///                          └── every server failed ──▶ down      up ── stop, reconnect, lame duck ──▶ draining
///
/// A round tries every server once, one after the other; between rounds it backs off. The state stays `down` while a
/// round is under way after a failure, so that `since` says how long there has been no link. A connection that did not
/// live for ``stableAfter`` does not reset the back-off: a server that accepts and drops is not dialled in a loop.
package struct LinkStateMachine: Sendable {
  /// What the owner must do, in this order.
  package enum Action: Sendable, Equatable {
    /// Connect to the server with this index and report `dialled` or `dialFailed`.
    case dial(server: Int)
    /// Report `retryDue` after this time.
    case scheduleRetry(Duration)
    /// Let the server confirm what was published, then report `drained`.
    case drain
    /// Close the connection if there is one.
    case close
    /// The status has changed.
    case notify
  }

  private enum Phase: Equatable {
    case off
    case dialling(afterFailure: Bool)
    case up
    case draining(thenDial: Bool)
    case waiting
  }

  /// How long a connection must live to count as a good one, in nanoseconds.
  package static let stableAfter: Int64 = 5_000_000_000

  private var phase = Phase.off
  private var backoff: Backoff
  private var serverCount: Int
  private var failedInRound = 0
  private var lameDuck = false

  /// The server connected to or dialled.
  package private(set) var server = 0
  /// Since when ``state`` holds, in nanoseconds since 1970.
  package private(set) var since: Int64
  /// Why the link was last lost or could not be made.
  package private(set) var lastFailure: LinkFailure?
  /// Connections made.
  package private(set) var connects: UInt64 = 0
  /// Connections lost or given up.
  package private(set) var disconnects: UInt64 = 0

  package init(serverCount: Int, backoff: Backoff = Backoff(), now: Int64) {
    self.serverCount = max(0, serverCount)
    self.backoff = backoff
    since = now
  }

  /// The state as shown.
  package var state: LinkStatus.State {
    switch phase {
    case .off: .off
    case .dialling(let afterFailure): afterFailure ? .down : .connecting
    case .up: .up
    case .draining: .draining
    case .waiting: .down
    }
  }

  private mutating func enter(_ next: Phase, _ now: Int64) {
    let before = state
    phase = next
    if state != before { since = now }
  }

  private mutating func beginRound(_ now: Int64, afterFailure: Bool) -> [Action] {
    failedInRound = 0
    guard serverCount > 0 else {
      lastFailure = LinkFailure(.invalidAddress, "no server is configured")
      enter(.waiting, now)
      return []
    }
    enter(.dialling(afterFailure: afterFailure), now)
    return [.dial(server: server)]
  }

  private mutating func moveToNextServer() {
    server = serverCount > 0 ? (server + 1) % serverCount : 0
  }
}

// MARK: - What the operator wants

extension LinkStateMachine {
  /// The link is wanted.
  package mutating func start(now: Int64) -> [Action] {
    guard phase == .off else { return [] }
    return [.notify] + beginRound(now, afterFailure: false)
  }

  /// A new connection is wanted, at once.
  package mutating func reconnect(now: Int64) -> [Action] {
    switch phase {
    case .up:
      lastFailure = LinkFailure(.requested, "a new connection was asked for")
      enter(.draining(thenDial: true), now)
      return [.notify, .drain]
    case .waiting:
      backoff.reset()
      return beginRound(now, afterFailure: true)
    case .off, .dialling, .draining: return []
    }
  }

  /// The list of servers is another one; the link moves there at once.
  package mutating func replaceServers(count: Int, backoff: Backoff, now: Int64) -> [Action] {
    serverCount = max(0, count)
    server = 0
    self.backoff = backoff
    switch phase {
    case .dialling(let afterFailure): return [.close] + beginRound(now, afterFailure: afterFailure)
    case .off, .up, .draining, .waiting: return reconnect(now: now)
    }
  }

  /// The link is wanted no more.
  package mutating func stop(now: Int64) -> [Action] {
    switch phase {
    case .off: return []
    case .up:
      enter(.draining(thenDial: false), now)
      return [.notify, .drain]
    case .draining:
      phase = .draining(thenDial: false)
      return []
    case .dialling, .waiting:
      enter(.off, now)
      return [.close, .notify]
    }
  }
}

// MARK: - What the network says

extension LinkStateMachine {
  /// The connection asked for stands.
  package mutating func dialled(now: Int64) -> [Action] {
    guard case .dialling = phase else { return [.close] }
    connects &+= 1
    lameDuck = false
    enter(.up, now)
    return [.notify]
  }

  /// The connection asked for could not be made.
  package mutating func dialFailed(
    _ failure: LinkFailure, now: Int64, using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    guard case .dialling = phase else { return [] }
    let isNews = lastFailure != failure || state != .down
    lastFailure = failure
    failedInRound += 1
    moveToNextServer()
    if failedInRound < serverCount { return [.dial(server: server)] }
    enter(.waiting, now)
    return [.scheduleRetry(backoff.next(using: &generator))] + (isNews ? [.notify] : [])
  }

  /// The round under way goes on when the retry is due.
  package mutating func roundPutOff(now: Int64) {
    if case .dialling = phase { enter(.waiting, now) }
  }

  /// The delay is over.
  package mutating func retryDue(now: Int64) -> [Action] {
    phase == .waiting ? beginRound(now, afterFailure: true) : []
  }

  /// The connection is gone.
  package mutating func lost(
    _ failure: LinkFailure, now: Int64, using generator: inout some RandomNumberGenerator
  ) -> [Action] {
    switch phase {
    case .up:
      disconnects &+= 1
      lastFailure = lameDuck ? LinkFailure(.lameDuck, "the server went away after announcing it") : failure
      let wasStable = now &- since >= Self.stableAfter
      if wasStable || lameDuck { backoff.reset() }
      moveToNextServer()
      enter(.waiting, now)
      return [.close, .scheduleRetry(backoff.next(using: &generator)), .notify]
    case .draining(let thenDial):
      lastFailure = failure
      return closed(thenDial: thenDial, now: now)
    case .off, .dialling, .waiting: return []
    }
  }

  /// The server says that it will go away. With another server at hand the link moves there now, losing nothing; with
  /// none it stays until the server closes.
  package mutating func lameDuckAnnounced(now: Int64) -> [Action] {
    guard phase == .up, !lameDuck else { return [] }
    lameDuck = true
    lastFailure = LinkFailure(.lameDuck, "the server announced that it is going away")
    guard serverCount > 1 else { return [.notify] }
    moveToNextServer()
    enter(.draining(thenDial: true), now)
    return [.notify, .drain]
  }

  /// What was published is confirmed, or the time for it is over.
  package mutating func drained(now: Int64) -> [Action] {
    guard case .draining(let thenDial) = phase else { return [] }
    return closed(thenDial: thenDial, now: now)
  }

  private mutating func closed(thenDial: Bool, now: Int64) -> [Action] {
    disconnects &+= 1
    if thenDial { return [.close, .notify] + beginRound(now, afterFailure: false) }
    enter(.off, now)
    return [.close, .notify]
  }
}

// MARK: - Another route, opened beside this one

extension LinkStateMachine {
  /// Which servers the link knows, and which of them it is connected to.
  package struct Route: Sendable, Equatable {
    package var serverCount: Int
    package var server: Int
    package var backoff: Backoff
    package var isConnected: Bool
    fileprivate var lameDuck = false

    package init(serverCount: Int, server: Int, backoff: Backoff, isConnected: Bool) {
      self.serverCount = serverCount
      self.server = server
      self.backoff = backoff
      self.isConnected = isConnected
    }
  }

  /// The route in use.
  package var route: Route {
    var route = Route(serverCount: serverCount, server: server, backoff: backoff, isConnected: phase == .up)
    route.lameDuck = lameDuck
    return route
  }

  /// Takes a new route; the connection of the present one stays open beside it.
  package mutating func adopt(_ route: Route, now: Int64) -> [Action] {
    if route.isConnected { connects &+= 1 }
    return follow(route, now: now)
  }

  /// Takes a former route back. The connection of the present one, if there is one, is closed already.
  package mutating func resume(_ route: Route, now: Int64) -> [Action] {
    if phase == .up { disconnects &+= 1 }
    return follow(route, now: now)
  }

  /// The connection of a route not in use was closed.
  package mutating func retired() { disconnects &+= 1 }

  private mutating func follow(_ route: Route, now: Int64) -> [Action] {
    serverCount = max(0, route.serverCount)
    server = route.server
    backoff = route.backoff
    lameDuck = route.lameDuck
    guard phase != .off else { return [] }
    if route.isConnected {
      enter(.up, now)
      return [.notify]
    }
    return [.notify] + beginRound(now, afterFailure: state == .down)
  }
}
