import Delivery
import Glibc
import MarketData
import Testing

@Suite("Moving the link to other servers", .serialized)
struct LinkSwitchTests {
  @Test("a switch under load loses nothing, doubles nothing and keeps the order")
  func underLoad() async throws {
    let servers = [try NATSServer(), try NATSServer()]
    let subscribers = try servers.map { try Subscriber(url: $0.url) }
    let fixture = Fixture([servers[0].url])
    #expect(await fixture.becomes(.up))
    let delivery = fixture.delivery
    let load = Task {
      var sent = 0
      while !Task.isCancelled {
        delivery.publish(trades(sent..<sent + 20))
        sent += 20
        try? await Task.sleep(for: .milliseconds(1))
      }
      return sent
    }
    for round in 1...4 {
      try await Task.sleep(for: .milliseconds(150))
      let candidate = try await delivery.prepare(
        settings(servers[round % 2].url), mayBeAway: false, within: .seconds(10))
      candidate.commit()
      #expect(await candidate.failure(within: .seconds(10)) == nil)
      #expect(delivery.status.serverURL == servers[round % 2].url)
      await candidate.finish()
    }
    try await Task.sleep(for: .milliseconds(150))
    load.cancel()
    let sent = await load.value
    #expect(await delivery.shutdown(timeout: .seconds(10)).isComplete)
    #expect(delivery.counters.total(.published) == UInt64(sent) && delivery.counters.total(.unconfirmed) == 0)
    #expect(delivery.status.connects == 5 && delivery.status.disconnects == 5)
    let received = subscribers.map { subscriber in
      var numbers: [Int] = []
      while let id = subscriber.next(timeoutMilliseconds: 300)?.messageID { numbers.append(Int(id.dropFirst(6)) ?? -1) }
      return numbers
    }
    #expect(received.allSatisfy { $0 == $0.sorted() })
    #expect(received.flatMap { $0 }.sorted() == Array(0..<sent))
    #expect(received.allSatisfy { !$0.isEmpty })
    #expect(!fixture.states.contains(.down))
  }

  @Test("a change that cannot be carried out says why and leaves the running connection as it is")
  func refusals() async throws {
    let certificates = try Certificates()
    let monitoring = try freePort()
    let running = try NATSServer(arguments: ["-m", "\(monitoring)"])
    let guarded = try NATSServer(arguments: ["--user", "anna", "--pass", "right-pass"])
    let encrypted = try NATSServer(arguments: certificates.serverArguments())
    let silent = try SilentServer(greeting: "")
    let greeting = try SilentServer(
      greeting: #"INFO {"server_id":"x","version":"2.9.10","proto":1,"headers":true,"max_payload":1048576}"# + "\r\n")
    let nobody = "nats://127.0.0.1:\(try freePort())"
    let fixture = Fixture([running.url])
    #expect(await fixture.becomes(.up))
    let before = try clientIDs(monitoringPort: monitoring)
    #expect(before.count == 1)
    let cases: [(LinkSettings, LinkFailure.Kind, String)] = [
      (settings(nobody), .unreachable, "connection refused"),
      (settings(silent.url), .timeout, "no answer in time"),
      (settings(greeting.url), .timeout, "no answer in time"),
      (settings("nats://anna:wrong-secret@127.0.0.1:\(guarded.port)"), .authentication, "authorization violation"),
      (settings("tls://127.0.0.1:\(encrypted.port)"), .tls, "not trusted"),
      (settings(running.url, TLSFiles(authorities: "/no/such.pem")), .certificate, "no such file or directory"),
      (settings([nobody, silent.url]), .unreachable, "; no answer in time"),
      (settings([nobody, "nats://127.0.0.1:\(guarded.port)"]), .authentication, "connection refused"),
    ]
    for (settings, kind, text) in cases {
      let start = ContinuousClock.now
      let failure = await prepareFailure(fixture.delivery, settings)
      #expect(
        failure?.kind == kind && failure?.text.contains(text) == true, "\(settings.urls.count): \(failure as Any)")
      #expect(failure?.text.contains("wrong-secret") == false)
      #expect(ContinuousClock.now - start < .seconds(4))
    }
    #expect(try clientIDs(monitoringPort: monitoring) == before)
    #expect(fixture.states == [.connecting, .up])
    fixture.delivery.publish(trades(0..<5))
    #expect(await fixture.counts(5, .published))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("preparing holds its deadline though every server stalls")
  func deadline() async throws {
    let silent = try SilentServer(greeting: "")
    let running = try NATSServer()
    let fixture = Fixture([running.url])
    #expect(await fixture.becomes(.up))
    let start = ContinuousClock.now
    let failure = await prepareFailure(
      fixture.delivery, settings(Array(repeating: silent.url, count: 50)), within: .seconds(1))
    #expect(failure?.kind == .timeout)
    #expect(ContinuousClock.now - start < .milliseconds(2500))
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("revert returns to the very connection that was in use, and closes the new one")
  func revert() async throws {
    let ports = [try freePort(), try freePort()]
    let servers = try ports.map { try NATSServer(arguments: ["-m", "\($0)"]) }
    let subscriber = try Subscriber(url: servers[0].url)
    let fixture = Fixture([servers[0].url])
    #expect(await fixture.becomes(.up))
    let before = try clientIDs(monitoringPort: ports[0])
    let candidate = try await fixture.delivery.prepare(settings(servers[1].url), mayBeAway: false, within: .seconds(10))
    candidate.commit()
    #expect(await candidate.failure(within: .seconds(10)) == nil)
    fixture.delivery.publish(trades(0..<5))
    #expect(await fixture.counts(5, .published))
    #expect(try clientIDs(monitoringPort: ports[0]) == before)
    #expect(try clientIDs(monitoringPort: ports[1]).count == 1)
    await candidate.revert()
    // A candidate takes each step once.
    await candidate.finish()
    #expect(fixture.delivery.status.serverURL == servers[0].url && fixture.delivery.status.isUp)
    fixture.delivery.publish(trades(5..<10))
    #expect(await fixture.counts(10, .published))
    for number in 5..<10 { #expect(subscriber.next()?.messageID == "trade:\(number)") }
    #expect(try clientIDs(monitoringPort: ports[0]) == before)
    #expect(await eventually { (try? clientIDs(monitoringPort: ports[1])) == [] })
    #expect(fixture.delivery.status.connects == 2 && fixture.delivery.status.disconnects == 1)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("when the old server has gone meanwhile, revert dials it, and finds it once it is back")
  func revertToNobody() async throws {
    let old = try NATSServer()
    let new = try NATSServer()
    let fixture = Fixture([old.url])
    #expect(await fixture.becomes(.up))
    let candidate = try await fixture.delivery.prepare(settings(new.url), mayBeAway: false, within: .seconds(10))
    candidate.commit()
    #expect(await candidate.failure(within: .seconds(10)) == nil)
    old.kill()
    try await Task.sleep(for: .milliseconds(100))
    await candidate.revert()
    #expect(await fixture.becomes(.down))
    try old.start()
    #expect(await fixture.becomes(.up))
    #expect(fixture.delivery.status.serverURL == old.url)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("a link that is down may move to a server that is away, not to one that refuses it")
  func whileDown() async throws {
    let guarded = try NATSServer(arguments: ["--user", "anna", "--pass", "right-pass"])
    let port = try freePort()
    let away = settings("nats://127.0.0.1:\(port)")
    let fixture = Fixture(["nats://127.0.0.1:\(try freePort())"])
    #expect(await fixture.becomes(.down))
    #expect(await prepareFailure(fixture.delivery, away)?.kind == .unreachable)
    #expect(await prepareFailure(fixture.delivery, settings(guarded.url), mayBeAway: true)?.kind == .authentication)
    let candidate = try await fixture.delivery.prepare(away, mayBeAway: true, within: .seconds(10))
    #expect(candidate.absence?.kind == .unreachable)
    candidate.commit()
    #expect(await candidate.failure(within: .seconds(10)) == nil)
    await candidate.finish()
    let server = try NATSServer(port: port)
    #expect(await fixture.becomes(.up))
    #expect(fixture.delivery.status.serverURL == server.url)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("twenty failed changes and twenty switches leave no descriptor behind")
  func descriptors() async throws {
    let servers = [try NATSServer(), try NATSServer()]
    let guarded = try NATSServer(arguments: ["--user", "anna", "--pass", "right-pass"])
    let silent = try SilentServer(greeting: "")
    let fixture = Fixture([servers[0].url])
    #expect(await fixture.becomes(.up))
    let bad = [settings(guarded.url), settings("nats://127.0.0.1:\(try freePort())"), settings(silent.url)]
    // The first of a kind may open what stays, such as the resolver's.
    for settings in bad { _ = await prepareFailure(fixture.delivery, settings, within: .milliseconds(700)) }
    try await move(fixture, to: servers[1].url, finishing: true)
    try await move(fixture, to: servers[0].url, finishing: true)
    let silentBefore = silent.acceptedCount
    let before = try openDescriptors()
    for round in 0..<20 {
      #expect(await prepareFailure(fixture.delivery, bad[round % 3], within: .milliseconds(700)) != nil)
    }
    for round in 0..<20 { try await move(fixture, to: servers[round % 2].url, finishing: round % 3 != 0) }
    let unused = try await fixture.delivery.prepare(settings(servers[0].url), mayBeAway: false, within: .seconds(5))
    unused.discard()
    // The listener that never speaks keeps its ends, in this process; every other descriptor is the link's.
    let kept = silent.acceptedCount - silentBefore
    let after = await eventually(within: .seconds(5)) { (try? openDescriptors()) ?? .max <= before + kept }
    let present = try openDescriptors()
    #expect(after, "\(before) before, \(present) after, \(kept) kept by the listener")
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
  }

  @Test("the thread shows that it turns at least once a second while a server stalls")
  func lastTurn() async throws {
    let silent = try SilentServer(greeting: "")
    let fixture = Fixture([silent.url]) { $0.connectTimeout = .seconds(3) }
    #expect(await eventually { fixture.delivery.lastTurn > 0 })
    let deadline = ContinuousClock.now + .seconds(4)
    var longest: Int64 = 0
    while ContinuousClock.now < deadline {
      let turn = fixture.delivery.lastTurn
      longest = max(longest, monotonicNow() - turn)
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(longest < 1_000_000_000)
    _ = await fixture.delivery.shutdown(timeout: .seconds(5))
    let last = fixture.delivery.lastTurn
    try await Task.sleep(for: .milliseconds(100))
    #expect(fixture.delivery.lastTurn == last)
  }

  private func move(_ fixture: Fixture, to url: String, finishing: Bool) async throws {
    let candidate = try await fixture.delivery.prepare(settings(url), mayBeAway: false, within: .seconds(5))
    candidate.commit()
    #expect(await candidate.failure(within: .seconds(5)) == nil)
    if finishing { await candidate.finish() } else { await candidate.revert() }
  }

  private func settings(_ url: String, _ tls: TLSFiles = TLSFiles()) -> LinkSettings { settings([url], tls) }

  private func settings(_ urls: [String], _ tls: TLSFiles = TLSFiles()) -> LinkSettings {
    var settings = LinkSettings(urls: urls, clientName: "delivery-tests")
    settings.backoff = Backoff(initial: .milliseconds(50), maximum: .milliseconds(200))
    settings.connectTimeout = .milliseconds(500)
    settings.tls = tls
    return settings
  }

  private func prepareFailure(
    _ delivery: NATSDelivery, _ settings: LinkSettings, mayBeAway: Bool = false, within limit: Duration = .seconds(10)
  ) async -> LinkFailure? {
    do throws(LinkFailure) {
      let candidate = try await delivery.prepare(settings, mayBeAway: mayBeAway, within: limit)
      candidate.discard()
      return nil
    } catch {
      return error
    }
  }

  private func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
