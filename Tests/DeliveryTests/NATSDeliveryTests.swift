import Delivery
import Glibc
import MarketData
import Testing

@Suite("Delivery to a real nats-server", .serialized)
struct NATSDeliveryTests {
  @Test("events arrive with subject, message id and payload, whatever their length")
  func arrives() async throws {
    let server = try NATSServer()
    let subscriber = try Subscriber(url: server.url)
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    var batch = EncodedEvents()
    var expected: [Subscriber.Message] = []
    // Around the lengths that are written in place, twice each so that a reused message shows what is left in it.
    for length in [1, 2, 190, 191, 4095, 4096, 4097, 100_000, 0, 1, 190, 4095] {
      for subject in [
        "t.a", "trade.binance.spot.BTC-USDT", String(repeating: "s", count: 191), String(repeating: "l", count: 300),
      ] {
        let payload = String(repeating: "p", count: length)
        let id = "id:\(expected.count)"
        add(to: &batch, payload, subject: subject, id: id, type: .orderbook)
        expected.append(.init(subject: subject, messageID: id, payload: payload))
      }
    }
    fixture.delivery.publish(batch)
    fixture.delivery.publish(subject: "health.collector.x", payload: Array("{}".utf8), messageID: nil)
    var received: [Subscriber.Message] = []
    for _ in 0...expected.count { received.append(try #require(subscriber.next())) }
    expected.append(.init(subject: "health.collector.x", messageID: nil, payload: "{}"))
    #expect(
      received.sorted { $0.messageID ?? "" < $1.messageID ?? "" }
        == expected.sorted { $0.messageID ?? "" < $1.messageID ?? "" })
    #expect(received.filter { $0.messageID != nil } == expected.dropLast())
    #expect(await fixture.counts(UInt64(expected.count), .published))
    #expect(fixture.delivery.counters.count(.orderbook, .published) == UInt64(expected.count - 1))
    #expect(fixture.delivery.counters.count(nil, .published) == 1)
    let status = fixture.delivery.status
    #expect(status.serverURL == server.url && status.connects == 1 && status.maximumPayload == 1 << 20)
    #expect(await fixture.delivery.shutdown(timeout: .seconds(5)).isComplete)
    #expect(fixture.states == [.connecting, .up, .draining, .off])
  }

  @Test("too large an event and a subject that is none are counted and cost nothing else")
  func unpublishable() async throws {
    let server = try NATSServer()
    let subscriber = try Subscriber(url: server.url)
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    var batch = EncodedEvents()
    add(to: &batch, String(repeating: "x", count: 1 << 20))
    add(to: &batch, "{}", subject: "two words")
    add(to: &batch, "{}", subject: "a\r\nPUB b 0\r\n")
    add(to: &batch, "{}", subject: "")
    add(to: &batch, "{}", subject: "good")
    fixture.delivery.publish(batch)
    #expect(subscriber.next()?.subject == "good")
    #expect(await fixture.counts(1, .published))
    #expect(fixture.delivery.counters.total(.tooLarge) == 1)
    #expect(fixture.delivery.counters.total(.failed) == 3)
    #expect(fixture.delivery.status.disconnects == 0)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("without a server events are counted no_nats; when one appears it connects and publishes")
  func appearsLater() async throws {
    let port = try freePort()
    let fixture = Fixture(["nats://127.0.0.1:\(port)"])
    #expect(await fixture.becomes(.down))
    #expect(fixture.delivery.status.lastFailure == LinkFailure(.unreachable, "connection refused (127.0.0.1:\(port))"))
    fixture.delivery.publish(trades(0..<10))
    fixture.delivery.publish(subject: "health", payload: [], messageID: nil)
    #expect(await fixture.counts(11, .noNATS))
    #expect(fixture.delivery.counters.count(.trade, .noNATS) == 10)
    let server = try NATSServer(port: port)
    let subscriber = try Subscriber(url: server.url)
    #expect(await fixture.becomes(.up))
    fixture.delivery.publish(trades(10..<11))
    #expect(subscriber.next()?.messageID == "trade:10")
    #expect(await fixture.counts(1, .published))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a server killed and restarted is found again, and every event is accounted for")
  func restarted() async throws {
    let server = try NATSServer()
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    var sent = 0
    for round in 0..<3 {
      for _ in 0..<50 {
        fixture.delivery.publish(trades(sent..<sent + 20))
        sent += 20
        if sent % 500 == 0 { server.kill() }
        try await Task.sleep(for: .milliseconds(1))
      }
      #expect(await fixture.becomes(.down))
      #expect(
        fixture.delivery.status.lastFailure?.kind == .closed
          || fixture.delivery.status.lastFailure?.kind == .unreachable)
      try server.start()
      #expect(await fixture.becomes(.up))
      #expect(fixture.delivery.status.connects == UInt64(round + 2))
    }
    fixture.delivery.publish(trades(0..<1))
    let result = await fixture.delivery.shutdown(timeout: .seconds(5))
    #expect(result.isComplete && result.abandoned == 0)
    let counters = fixture.delivery.counters
    #expect(DeliveryCounters.Outcome.allCases.reduce(0) { $0 + counters.total($1) } == UInt64(sent + 1))
    #expect(counters.total(.published) > 0 && counters.total(.noNATS) > 0)
  }

  @Test("a stopped server is noticed while events flow, publishing never blocks, and the link comes back")
  func stalled() async throws {
    let server = try NATSServer()
    let fixture = Fixture([server.url]) {
      $0.flushTimeout = .milliseconds(500)
      $0.writeDeadline = .milliseconds(500)
      $0.connectTimeout = .milliseconds(500)
    }
    #expect(await fixture.becomes(.up))
    server.signal(SIGSTOP)
    var slowest = Duration.zero
    let batch = trades(0..<100)
    let deadline = ContinuousClock.now + .seconds(10)
    while fixture.delivery.status.state == .up, ContinuousClock.now < deadline {
      slowest = max(slowest, ContinuousClock().measure { fixture.delivery.publish(batch) })
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(await fixture.becomes(.down, within: .seconds(3)))
    #expect(fixture.delivery.status.lastFailure?.kind == .timeout)
    // A write deadline is 500 ms; a descheduled test on a busy machine is far below that.
    #expect(slowest < .milliseconds(250))
    #expect(fixture.delivery.counters.total(.unconfirmed) > 0)
    server.signal(SIGCONT)
    #expect(await fixture.becomes(.up))
    let before = fixture.delivery.counters.total(.published)
    fixture.delivery.publish(trades(0..<5))
    #expect(await fixture.counts(before + 5, .published))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a stopped server is noticed on an idle link too")
  func stalledIdle() async throws {
    let server = try NATSServer()
    let fixture = Fixture([server.url]) { $0.pingInterval = .milliseconds(200) }
    #expect(await fixture.becomes(.up))
    server.signal(SIGSTOP)
    #expect(await fixture.becomes(.down, within: .seconds(5)))
    #expect(fixture.delivery.status.lastFailure?.kind == .timeout)
    server.signal(SIGCONT)
    #expect(await fixture.becomes(.up))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a shutdown never takes longer than its timeout, though the server is stopped")
  func shutdownInTime() async throws {
    let server = try NATSServer()
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    server.signal(SIGSTOP)
    fixture.delivery.publish(trades(0..<100))
    let start = ContinuousClock.now
    let result = await fixture.delivery.shutdown(timeout: .milliseconds(400))
    #expect(ContinuousClock.now - start < .milliseconds(1500))
    #expect(!result.isComplete || result.unconfirmed == 100)
  }

  @Test("a wrong password is told apart, and no secret reaches status or log")
  func wrongPassword() async throws {
    let server = try NATSServer(arguments: ["--user", "anna", "--pass", "right-pass"])
    let fixture = Fixture(["nats://anna:wrong-secret@127.0.0.1:\(server.port)"])
    #expect(await fixture.becomes(.down))
    let status = fixture.delivery.status
    #expect(status.lastFailure == LinkFailure(.authentication, "authorization violation (127.0.0.1:\(server.port))"))
    #expect(status.serverURL == server.url)
    #expect(!"\(status)".contains("wrong-secret") && !fixture.log.text.contains("wrong-secret"))
    var settings = LinkSettings(urls: ["nats://anna:right-pass@127.0.0.1:\(server.port)"], clientName: "tests")
    settings.backoff = Backoff(initial: .milliseconds(50))
    fixture.delivery.replace(settings: settings)
    #expect(await fixture.becomes(.up))
    #expect(!"\(fixture.delivery.status)".contains("right-pass") && !fixture.log.text.contains("right-pass"))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a full outbox refuses and counts")
  func outboxFull() async throws {
    // Nobody takes from the outbox while the first dial, to a port that accepts and says nothing, is under way.
    let silent = try SilentServer(greeting: "")
    let fixture = Fixture([silent.url], outboxBytes: 10_000) { $0.connectTimeout = .seconds(1) }
    for _ in 0..<100 { fixture.delivery.publish(trades(0..<10)) }
    #expect(fixture.delivery.outboxBytesPending <= 10_000)
    #expect(await fixture.becomes(.down))
    #expect(
      await eventually {
        let counters = fixture.delivery.counters
        return counters.total(.noNATS) + counters.total(.outboxFull) == 1000
      })
    #expect(fixture.delivery.counters.total(.outboxFull) > 800)
    #expect(fixture.delivery.counters.total(.noNATS) > 50)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a server that greets and then stalls is given up in time")
  func stallsAfterGreeting() async throws {
    let silent = try SilentServer(
      greeting: #"INFO {"server_id":"x","version":"2.9.10","proto":1,"headers":true,"max_payload":1048576}"# + "\r\n")
    let fixture = Fixture([silent.url]) { $0.connectTimeout = .milliseconds(200) }
    #expect(await fixture.becomes(.down, within: .seconds(5)))
    #expect(fixture.delivery.status.lastFailure?.kind == .timeout)
    #expect(await fixture.delivery.shutdown(timeout: .seconds(5)).isComplete)
  }

  @Test("shutdown publishes and confirms everything that was handed over")
  func shutdownFlushes() async throws {
    let server = try NATSServer()
    let subscriber = try Subscriber(url: server.url)
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    for start in 0..<500 { fixture.delivery.publish(trades(start * 100..<start * 100 + 100)) }
    let result = await fixture.delivery.shutdown(timeout: .seconds(10))
    #expect(result.isComplete && result.unconfirmed == 0 && result.abandoned == 0)
    #expect(fixture.delivery.counters.count(.trade, .published) == 50_000)
    var inOrder = true
    for number in 0..<50_000 { inOrder = inOrder && subscriber.next()?.messageID == "trade:\(number)" }
    #expect(inOrder)
    fixture.delivery.publish(trades(0..<3))
    #expect(fixture.delivery.counters.total(.noNATS) == 3)
    #expect(fixture.delivery.status.state == .off)
  }

  @Test("of several servers it takes the next when one is gone or announces its going")
  func severalServers() async throws {
    let first = try NATSServer()
    let second = try NATSServer()
    let dead = try freePort()
    let fixture = Fixture(["nats://127.0.0.1:\(dead)", first.url, second.url])
    #expect(await fixture.becomes(.up))
    #expect(fixture.delivery.status.serverURL == first.url)
    first.kill()
    #expect(await eventually { fixture.delivery.status.isUp && fixture.delivery.status.serverURL == second.url })
    try first.start()
    // SIGUSR2 puts nats-server into lame-duck mode.
    second.signal(SIGUSR2)
    #expect(await eventually { fixture.delivery.status.isUp && fixture.delivery.status.serverURL == first.url })
    #expect(fixture.states.filter { $0 == .draining }.count == 1)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("reconnect makes a new connection and loses nothing on the way")
  func reconnects() async throws {
    let server = try NATSServer()
    let fixture = Fixture([server.url])
    #expect(await fixture.becomes(.up))
    for number in 0..<200 {
      fixture.delivery.publish(trades(number..<number + 1))
      if number == 100 { fixture.delivery.reconnect() }
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(await fixture.counts(200, .published))
    #expect(fixture.delivery.counters.total(.published) == 200)
    #expect(fixture.delivery.status.connects == 2)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("shutdown before start, and a second shutdown, return at once")
  func shutdownWithoutStart() async {
    let log = LogLines()
    let delivery = NATSDelivery(
      settings: LinkSettings(urls: ["nats://127.0.0.1:1"], clientName: "x"), logger: log.logger
    ) { _ in }
    #expect(await delivery.shutdown(timeout: .seconds(1)).isComplete)
    #expect(await delivery.shutdown(timeout: .seconds(1)).isComplete)
    delivery.start()
    #expect(delivery.status.state == .off)
  }
}
