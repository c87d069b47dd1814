import Delivery
import Testing

@Suite("Link state machine")
struct LinkStateMachineTests {
  private let refused = LinkFailure(.unreachable, "connection refused")
  private let second: Int64 = 1_000_000_000
  private var generator = SeededGenerator(state: 7)

  @Test("start dials the first server, and a second start does nothing")
  func start() {
    var machine = LinkStateMachine(serverCount: 2, now: 0)
    #expect(machine.state == .off)
    #expect(machine.start(now: 1) == [.notify, .dial(server: 0)])
    #expect(machine.state == .connecting)
    #expect(machine.start(now: 2) == [])
    #expect(machine.dialled(now: 3) == [.notify])
    #expect(machine.state == .up && machine.since == 3 && machine.connects == 1)
  }

  @Test("a round tries every server at once, then backs off")
  mutating func round() throws {
    var machine = LinkStateMachine(serverCount: 3, now: 0)
    _ = machine.start(now: 0)
    #expect(machine.dialFailed(refused, now: 1, using: &generator) == [.dial(server: 1)])
    #expect(machine.dialFailed(refused, now: 2, using: &generator) == [.dial(server: 2)])
    let actions = machine.dialFailed(refused, now: 3, using: &generator)
    guard case .scheduleRetry(let delay) = try #require(actions.first) else {
      Issue.record("no retry scheduled: \(actions)")
      return
    }
    #expect(delay >= .milliseconds(125) && delay <= .milliseconds(250))
    #expect(actions.last == .notify)
    #expect(machine.state == .down && machine.since == 3)
  }

  @Test("while rounds go on failing the state stays down since the first failure, and says nothing new")
  mutating func staysDown() {
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialFailed(refused, now: 5, using: &generator)
    #expect(machine.retryDue(now: 10) == [.dial(server: 0)])
    #expect(machine.state == .down)
    #expect(!machine.dialFailed(refused, now: 11, using: &generator).contains(.notify))
    #expect(machine.since == 5)
    _ = machine.retryDue(now: 20)
    let other = LinkFailure(.authentication, "authorization violation")
    #expect(machine.dialFailed(other, now: 21, using: &generator).contains(.notify))
    #expect(machine.lastFailure?.kind == .authentication)
  }

  @Test("a lost link closes, moves to the next server and backs off")
  mutating func lost() {
    var machine = LinkStateMachine(serverCount: 2, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialled(now: 0)
    let actions = machine.lost(LinkFailure(.closed, "closed"), now: 4, using: &generator)
    #expect(actions.first == .close && actions.last == .notify && actions.count == 3)
    #expect(machine.state == .down && machine.since == 4 && machine.disconnects == 1)
    #expect(machine.retryDue(now: 5) == [.dial(server: 1)])
    #expect(machine.lost(refused, now: 6, using: &generator) == [])
  }

  @Test("a server that accepts and drops is dialled ever more slowly; a connection that lived resets the delay")
  mutating func flapping() {
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    var actions = machine.start(now: 0)
    for _ in 0..<10 {
      _ = machine.dialled(now: 0)
      actions = machine.lost(refused, now: second, using: &generator)
      _ = machine.retryDue(now: 0)
    }
    #expect(delay(of: actions) >= .seconds(5))
    _ = machine.dialled(now: 0)
    actions = machine.lost(refused, now: 6 * second, using: &generator)
    #expect(delay(of: actions) <= .milliseconds(250))
  }

  @Test("a lame duck is left for another server after its events are confirmed")
  func lameDuck() {
    var machine = LinkStateMachine(serverCount: 2, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialled(now: 0)
    #expect(machine.lameDuckAnnounced(now: 1) == [.notify, .drain])
    #expect(machine.state == .draining && machine.lastFailure?.kind == .lameDuck)
    #expect(machine.drained(now: 2) == [.close, .notify, .dial(server: 1)])
  }

  @Test("a lame duck without an alternative is kept until it closes, and named as the reason then")
  mutating func onlyLameDuck() {
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialled(now: 0)
    #expect(machine.lameDuckAnnounced(now: 1) == [.notify])
    #expect(machine.state == .up)
    #expect(machine.lameDuckAnnounced(now: 2) == [])
    _ = machine.lost(LinkFailure(.closed, "closed"), now: 3, using: &generator)
    #expect(machine.lastFailure?.kind == .lameDuck)
  }

  @Test("stop drains a link that is up, and ends at once in every other state")
  mutating func stop() {
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    #expect(machine.stop(now: 0) == [])
    _ = machine.start(now: 0)
    #expect(machine.stop(now: 1) == [.close, .notify])
    #expect(machine.state == .off)
    #expect(machine.dialled(now: 2) == [.close])
    _ = machine.start(now: 3)
    _ = machine.dialled(now: 3)
    #expect(machine.stop(now: 4) == [.notify, .drain])
    #expect(machine.lost(refused, now: 5, using: &generator) == [.close, .notify])
    #expect(machine.state == .off)
  }

  @Test("reconnect drains and dials again; while down it dials at once")
  mutating func reconnect() {
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    #expect(machine.reconnect(now: 0) == [])
    _ = machine.start(now: 0)
    _ = machine.dialled(now: 0)
    #expect(machine.reconnect(now: 1) == [.notify, .drain])
    #expect(machine.drained(now: 2) == [.close, .notify, .dial(server: 0)])
    _ = machine.dialFailed(refused, now: 3, using: &generator)
    #expect(machine.reconnect(now: 4) == [.dial(server: 0)])
  }

  @Test("another list of servers begins with its first; an empty list is down with the reason")
  mutating func replace() {
    var machine = LinkStateMachine(serverCount: 3, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialFailed(refused, now: 0, using: &generator)
    _ = machine.dialled(now: 0)
    #expect(machine.replaceServers(count: 1, backoff: Backoff(), now: 1) == [.notify, .drain])
    #expect(machine.drained(now: 2) == [.close, .notify, .dial(server: 0)])
    var empty = LinkStateMachine(serverCount: 0, now: 0)
    #expect(empty.start(now: 1) == [.notify])
    #expect(empty.state == .down && empty.lastFailure?.kind == .invalidAddress)
    #expect(empty.replaceServers(count: 1, backoff: Backoff(), now: 2) == [.dial(server: 0)])
  }

  @Test("another route is taken without a break, and the former one taken back")
  mutating func routes() {
    var machine = LinkStateMachine(serverCount: 2, now: 0)
    _ = machine.start(now: 0)
    _ = machine.dialFailed(refused, now: 0, using: &generator)
    _ = machine.dialled(now: 1)
    let former = machine.route
    #expect(former.server == 1 && former.isConnected)
    let new = LinkStateMachine.Route(serverCount: 3, server: 2, backoff: Backoff(), isConnected: true)
    #expect(machine.adopt(new, now: 2) == [.notify])
    #expect(machine.state == .up && machine.since == 1 && machine.server == 2 && machine.connects == 2)
    #expect(machine.resume(former, now: 3) == [.notify])
    #expect(machine.route == former && machine.state == .up && machine.disconnects == 1)
    _ = machine.lost(refused, now: 4, using: &generator)
    #expect(machine.retryDue(now: 5) == [.dial(server: 0)])
    machine.retired()
    #expect(machine.disconnects == 3)
  }

  @Test("a route without a connection is dialled at once; while down the state stays down")
  mutating func unconnectedRoute() {
    let away = LinkStateMachine.Route(serverCount: 1, server: 0, backoff: Backoff(), isConnected: false)
    var machine = LinkStateMachine(serverCount: 1, now: 0)
    #expect(machine.adopt(away, now: 0) == [])
    _ = machine.start(now: 0)
    _ = machine.dialFailed(refused, now: 1, using: &generator)
    #expect(machine.adopt(away, now: 2) == [.notify, .dial(server: 0)])
    #expect(machine.state == .down && machine.since == 1 && machine.connects == 0)
    machine.roundPutOff(now: 3)
    #expect(machine.retryDue(now: 4) == [.dial(server: 0)])
    _ = machine.dialled(now: 5)
    machine.roundPutOff(now: 6)
    #expect(machine.state == .up)
    #expect(machine.resume(away, now: 7) == [.notify, .dial(server: 0)])
    #expect(machine.state == .connecting && machine.disconnects == 1)
  }

  private func delay(of actions: [LinkStateMachine.Action]) -> Duration {
    for case .scheduleRetry(let delay) in actions { return delay }
    return .zero
  }
}

/// The same numbers in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
