import Feeds
import Testing

@Suite("A session")
struct SessionStateMachineTests {
  private let second: Int64 = 1_000_000_000
  private var generator = SplitMix(state: 1)

  private func machine(stale: Duration? = .seconds(30), maximumAge: Duration? = nil) -> SessionStateMachine {
    SessionStateMachine(.init(staleAfter: stale, maximumAge: maximumAge))
  }

  private func delay(_ actions: [SessionAction]) throws -> Duration {
    guard case .schedule(let delay) = actions.last else { throw DeadlinePassed(description: "no schedule: \(actions)") }
    return delay
  }

  @Test("dials on start, watches once open, backs off and dials again when closed")
  mutating func cycle() throws {
    var session = machine()
    #expect(session.start() == [.notify(.connecting(attempt: 0)), .connect])
    #expect(session.opened(now: 0, using: &generator) == [.notify(.connected), .schedule(after: .seconds(30))])
    let closed = session.closed(.connectionLost("x"), now: second, using: &generator)
    let wait = try delay(closed)
    #expect(closed == [.notify(.disconnected(.connectionLost("x"), retryAfter: wait)), .schedule(after: wait)])
    #expect(session.state == .backingOff)
    let early = second + wait.clampedNanoseconds - 1
    #expect(session.timer(now: early) == [.schedule(after: .nanoseconds(1))])
    #expect(session.timer(now: early + 1) == [.notify(.connecting(attempt: 1)), .connect])
    #expect(session.connects == 1)
  }

  @Test("redialled while it waits to dial it does so at once, while open it gives the connection up, else nothing")
  mutating func redial() {
    var session = machine()
    #expect(session.redial(.closedByUs) == [])
    _ = session.start()
    #expect(session.redial(.closedByUs) == [])
    _ = session.opened(now: 0, using: &generator)
    #expect(session.redial(.closedByUs) == [.cancelTimer, .close(.closedByUs)])
    _ = session.closed(.closedByUs, now: second, using: &generator)
    #expect(session.redial(.closedByUs) == [.cancelTimer, .notify(.connecting(attempt: 1)), .connect])
    #expect(session.state == .connecting)
  }

  @Test("without a frame for too long it closes as stale, with frames it does not")
  mutating func staleness() {
    var session = machine()
    _ = session.start()
    _ = session.opened(now: 0, using: &generator)
    session.frameReceived(now: 20 * second)
    #expect(session.timer(now: 30 * second) == [.schedule(after: .seconds(20))])
    #expect(session.timer(now: 50 * second) == [.cancelTimer, .close(.staleTimeout)])
    #expect(session.state == .closing)
    #expect(session.timer(now: 60 * second) == [])
    _ = session.closed(.staleTimeout, now: 50 * second, using: &generator)
    #expect(session.state == .backingOff)
    #expect(session.lastDisconnect == .staleTimeout)
  }

  @Test("the back-off starts over only after ten seconds of data")
  mutating func reset() {
    var session = machine()
    _ = session.start()
    var now: Int64 = 0
    func fail(_ session: inout SessionStateMachine, dataFor: Int64?, _ generator: inout SplitMix) {
      _ = session.opened(now: now, using: &generator)
      if let dataFor { session.frameReceived(now: now + dataFor) }
      now += 20 * second
      _ = session.closed(.connectionLost(""), now: now, using: &generator)
      now += 100 * second
      _ = session.timer(now: now)
    }
    fail(&session, dataFor: nil, &generator)
    fail(&session, dataFor: 9 * second, &generator)
    #expect(session.attempts == 2)
    fail(&session, dataFor: 10 * second, &generator)
    #expect(session.attempts == 1)
  }

  @Test("tries without end, never waiting longer than the cap")
  mutating func unlimited() throws {
    var session = machine()
    _ = session.start()
    var now: Int64 = 0
    for _ in 0..<5000 {
      let wait = try delay(session.closed(.dialTimeout, now: now, using: &generator))
      #expect(wait >= .milliseconds(100) && wait <= .seconds(60))
      now += wait.clampedNanoseconds
      #expect(session.timer(now: now).last == .connect)
    }
  }

  @Test("a venue that refuses with 429 or 418 is left alone for long, from the first time")
  mutating func refusal() throws {
    for status in [429, 418] {
      var session = machine()
      _ = session.start()
      let wait = try delay(session.closed(.rejected(status: status), now: 0, using: &generator))
      #expect(wait >= .seconds(30))
    }
  }

  @Test("a connection is rotated between nine tenths of its maximum age and all of it")
  mutating func rotation() throws {
    var session = machine(stale: nil, maximumAge: .seconds(1000))
    _ = session.start()
    let age = try delay(session.opened(now: 5, using: &generator))
    #expect(age >= .seconds(900) && age <= .seconds(1000))
    #expect(session.timer(now: 5 + age.clampedNanoseconds) == [.cancelTimer, .close(.maximumAge)])
  }

  @Test("stop closes and rests, from every state; start begins anew")
  mutating func stop() {
    var idle = machine()
    #expect(idle.stop() == [.cancelTimer, .notify(.stopped)])

    var open = machine()
    _ = open.start()
    _ = open.opened(now: 0, using: &generator)
    #expect(open.stop() == [.cancelTimer, .close(.closedByUs)])
    #expect(open.stop() == [])
    let end: [SessionAction] = [
      .cancelTimer, .notify(.disconnected(.closedByUs, retryAfter: nil)), .notify(.stopped),
    ]
    #expect(open.closed(.closedByUs, now: 1, using: &generator) == end)
    #expect(open.state == .stopped)
    #expect(open.start().last == .connect)

    var backingOff = machine()
    _ = backingOff.start()
    _ = backingOff.closed(.dialTimeout, now: 0, using: &generator)
    #expect(backingOff.stop() == [.cancelTimer, .notify(.stopped)])
    #expect(backingOff.timer(now: .max) == [])

    var closing = machine()
    _ = closing.start()
    _ = closing.opened(now: 0, using: &generator)
    _ = closing.reconnect(.staleTimeout)
    #expect(closing.stop() == [])
    #expect(closing.closed(.staleTimeout, now: 1, using: &generator).last == .notify(.stopped))
  }

  @Test(
    "other limits hold at once: the watch is set anew, what is stale by them is closed, and tries are not forgotten")
  mutating func reconfigured() throws {
    var session = machine()
    _ = session.start()
    _ = session.closed(.dialTimeout, now: 0, using: &generator)
    let limits = SessionStateMachine.Configuration(
      staleAfter: .seconds(10), backoff: Backoff(base: .seconds(2), cap: .seconds(4)))
    #expect(session.reconfigure(limits, now: 0) == [])
    #expect(session.attempts == 1)
    _ = session.timer(now: .max)
    #expect(try delay(session.closed(.dialTimeout, now: 0, using: &generator)) <= .seconds(4))
    _ = session.timer(now: .max)
    #expect(session.opened(now: 0, using: &generator).last == .schedule(after: .seconds(10)))
    #expect(session.reconfigure(limits, now: 0) == [])
    #expect(session.reconfigure(.init(staleAfter: .seconds(40)), now: second) == [.schedule(after: .seconds(39))])
    #expect(session.reconfigure(.init(staleAfter: nil), now: second) == [.cancelTimer])
    #expect(
      session.reconfigure(.init(staleAfter: .seconds(1)), now: second) == [.cancelTimer, .close(.staleTimeout)])
  }

  @Test("inputs that do not fit the state are ignored")
  mutating func strays() {
    var session = machine()
    #expect(session.closed(.dialTimeout, now: 0, using: &generator) == [])
    #expect(session.opened(now: 0, using: &generator) == [])
    #expect(session.timer(now: 0) == [])
    #expect(session.reconnect(.staleTimeout) == [])
    _ = session.start()
    #expect(session.start() == [])
  }

  @Test("delays double to the cap and use the whole range below it")
  mutating func backoff() {
    var backoff = Backoff(base: .seconds(1), cap: .seconds(8), minimum: .zero)
    var ceilings: [Duration] = []
    for _ in 0..<5 {
      ceilings.append(backoff.ceiling)
      let ceiling = backoff.ceiling
      #expect(backoff.next(using: &generator) <= ceiling)
    }
    #expect(ceilings == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8)])
    let many = (0..<1000).map { _ in backoff.next(using: &generator) }
    #expect((many.min() ?? .zero) < .seconds(1))
    #expect((many.max() ?? .zero) > .seconds(7))
  }

  @Test("keep-alive pings at its interval and gives up only when nothing at all came back")
  func keepAlive() {
    var keepAlive = WebSocketKeepAlive(interval: 20 * second, timeout: 10 * second)
    #expect(keepAlive.tick(now: 20 * second, lastReceived: 0) == .ping(next: 10 * second))
    #expect(keepAlive.tick(now: 25 * second, lastReceived: 0) == .wait(5 * second))
    #expect(keepAlive.tick(now: 30 * second, lastReceived: 21 * second) == .wait(10 * second))
    #expect(keepAlive.tick(now: 40 * second, lastReceived: 21 * second) == .ping(next: 10 * second))
    #expect(keepAlive.tick(now: 50 * second, lastReceived: 40 * second) == .timedOut)
  }
}
