import CNATS
import Glibc
import Synchronization
import Testing

extension ProgramTests {
  /// Reloads must not be felt by what they do not touch, least of all when there is much to do.
  @Suite("Reload under load")
  struct ReloadLoadTests {
    /// Orders a second on the simulated exchange; with two markets and their best prices more than 5,000 events come of it.
    private static let orders = 45_000
    private static let reloads = 100

    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func descriptors(of collector: Collector) async throws -> Int {
      let outcome = try await Shell.run("ls /proc/\(collector.program.pid)/fd | wc -l", in: scratch)
      return try #require(outcome.output.split(separator: "\n").first.flatMap { Int($0) })
    }

    @Test("a hundred reloads under load: untouched symbols lose and double nothing, no session drops, no request fails")
    func hundred() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      var configuration = Configuration(
        exchange: try await Exchange(in: scratch, ["--events-per-second", "\(Self.orders)"]))
      configuration.natsPort = server.port
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      try await collector.until("/status", ".nats.connected")
      let sessions = "[.exchanges[] | .connected_at, .reconnect_count, .last_disconnect]"
      let before = try await collector.jq("/status", sessions)
      let watch = try SequenceWatch(server, subjects: "*.binance.*.*", untouched: ".BTC-USDT")
      let requests = try HTTPLoop(collector, in: scratch)
      let descriptorsBefore = try await descriptors(of: collector)

      let began = ContinuousClock.now
      let eventsBefore = watch.count
      for number in 0..<Self.reloads {
        switch number % 4 {
        case 0: configuration.spot = ["BTCUSDT", "ETHUSDT"]
        case 1: (configuration.staleAfter, configuration.grace) = ("\(40 + number)s", "\(5 + number)s")
        case 2: (configuration.spot, configuration.perpetual) = (["BTCUSDT"], ["BTCUSDT", "ETHUSDT"])
        default: (configuration.perpetual, configuration.logLevel) = (["BTCUSDT"], number % 8 == 3 ? "notice" : "info")
        }
        try collector.rewrite(configuration)
        let reply = try await collector.trailer("reload")
        #expect(reply.hasPrefix("OK changed=true "), "reload \(number): \(reply)")
        #expect(reply.hasSuffix(" generation=\(number + 2)"), "reload \(number): \(reply)")
      }
      let elapsed = ContinuousClock.now - began
      let events = watch.count - eventsBefore
      let (_, faults) = watch.stop()
      let codes = try await requests.stop()

      let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
      let rate = Double(events) / seconds
      print("\(Self.reloads) reloads in \(seconds) s, \(Int(rate)) events/s, \(codes.count) requests")
      #expect(faults == [])
      #expect(rate >= 5000, "this machine is too busy for the test to say what it should")
      #expect(elapsed < .seconds(60))
      #expect(codes.count > 20 && codes.allSatisfy { $0 == "200" }, "\(codes.filter { $0 != "200" })")
      #expect(try await collector.jq("/status", sessions) == before)
      let books = "[.orderbook_manager.exchanges[] | .gaps, .resynchronisations] | add"
      #expect(try await collector.jq("/status", books) == "0")
      #expect(try await collector.jq("/status", ".nats.events | del(.published) | add") == "0")
      #expect(try await descriptors(of: collector) <= descriptorsBefore + 2)
      try await collector.stop()
    }

    @Test("an entry opened anew ten times under load: its symbols lose and double nothing either")
    func replaced() async throws {
      let server = try NATSServer(in: scratch)
      try await server.start()
      var configuration = Configuration(
        exchange: try await Exchange(in: scratch, ["--events-per-second", "\(Self.orders / 2)"]))
      configuration.natsPort = server.port
      let collector = try await Collector(configuration, in: scratch)
      try await collector.untilSynchronised(books: 2)
      try await collector.until("/status", ".nats.connected")
      let watch = try SequenceWatch(server, subjects: "*.binance.*.*", untouched: ".BTC-USDT")
      let descriptorsBefore = try await descriptors(of: collector)
      for number in 0..<10 {
        configuration.maxFrameBytes = "\(2 + number)MiB"
        try collector.rewrite(configuration)
        let reply = try await collector.trailer("reload")
        #expect(reply.hasPrefix("OK changed=true ") && reply.hasSuffix(" generation=\(number + 2)"), "\(reply)")
      }
      let (count, faults) = watch.stop()
      #expect(faults == [])
      #expect(count > 1000)
      #expect(try await collector.jq("/status", "[.exchanges[].reconnect_count] | add") == "0")
      #expect(try await descriptors(of: collector) <= descriptorsBefore + 2)
      try await collector.stop()
    }
  }
}

/// Follows the ids of published events on its own connection, as they come.
private final class SequenceWatch: Sendable {
  private struct Book {
    var last: Int64
    var isBehindSnapshot: Bool
  }

  private struct State {
    var isStopped = false
    var isOver = false
    var count = 0
    var trades: [String: Int64] = [:]
    var quotes: [String: Int64] = [:]
    var books: [String: Book] = [:]
    var faults: [String] = []
  }

  private let state = Mutex(State())
  private let untouched: String

  /// - Parameter untouched: how subjects end whose events must be without a hole.
  init(_ server: NATSServer, subjects: String, untouched: String) throws {
    self.untouched = untouched
    var connection: OpaquePointer?
    var subscription: OpaquePointer?
    try #require(natsConnection_ConnectTo(&connection, "nats://127.0.0.1:\(server.port)") == NATS_OK)
    try #require(natsConnection_SubscribeSync(&subscription, connection, subjects) == NATS_OK)
    natsSubscription_SetPendingLimits(subscription, -1, -1)
    try #require(natsConnection_FlushTimeout(connection, 5000) == NATS_OK)
    // Pointers of a C library that is safe to use from any thread.
    nonisolated(unsafe) let (owned, source) = (connection, subscription)
    // A thread of its own: it blocks, and must not keep the test's tasks waiting.
    let body = Box { [self] in
      while !state.withLock({ $0.isStopped }) { drain(source) }
      natsSubscription_Destroy(source)
      natsConnection_Destroy(owned)
      state.withLock { $0.isOver = true }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(body).toOpaque()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument)
    try #require(failure == 0)
    pthread_detach(thread)
  }

  private final class Box {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// Events of all subjects so far.
  var count: Int { state.withLock { $0.count } }

  /// Ends the watch.
  ///
  /// - Returns: events of all subjects, and what was not as it should be with the untouched.
  func stop() -> (count: Int, faults: [String]) {
    state.withLock { $0.isStopped = true }
    while !state.withLock({ $0.isOver }) { usleep(10_000) }
    return state.withLock { state in
      var faults = state.faults
      if state.trades.count != 2 || state.books.count != 2 || state.quotes.count != 2 {
        faults.append("\(state.trades.count) markets with trades, \(state.books.count) with books")
      }
      return (state.count, Array(faults.prefix(10)))
    }
  }

  private func drain(_ subscription: OpaquePointer?) {
    var message: OpaquePointer?
    while !state.withLock({ $0.isStopped }), natsSubscription_NextMsg(&message, subscription, 20) == NATS_OK {
      if let subject = natsMsg_GetSubject(message), let data = natsMsg_GetData(message) {
        take(String(cString: subject), UnsafeRawBufferPointer(start: data, count: Int(natsMsg_GetDataLength(message))))
      }
      natsMsg_Destroy(message)
    }
  }

  private func take(_ subject: String, _ payload: UnsafeRawBufferPointer) {
    state.withLock { state in
      state.count += 1
      guard subject.hasSuffix(untouched) else { return }
      guard let sequence = Self.number(after: "\"sequence\":", in: payload) else {
        state.faults.append("\(subject): no sequence")
        return
      }
      if subject.hasPrefix("trade.") {
        if let last = state.trades[subject], sequence != last + 1 {
          state.faults.append("\(subject): \(sequence) after \(last)")
        }
        state.trades[subject] = sequence
      } else if subject.hasPrefix("ticker.") {
        if let last = state.quotes[subject], sequence <= last {
          state.faults.append("\(subject): \(sequence) after \(last)")
        }
        state.quotes[subject] = sequence
      } else {
        Self.follow(subject, sequence, payload, &state)
      }
    }
  }

  private static func follow(
    _ subject: String, _ last: Int64, _ payload: UnsafeRawBufferPointer, _ state: inout State
  ) {
    if place(of: "\"update_type\":\"snapshot\"", in: payload) != nil {
      state.books[subject] = Book(last: last, isBehindSnapshot: true)
      return
    }
    if let book = state.books[subject], let first = number(after: "\"first_update_id\":", in: payload) {
      let previous = number(after: "\"prev_update_id\":", in: payload) ?? (first - 1)
      let continues = book.isBehindSnapshot ? previous <= book.last && last > book.last : previous == book.last
      if !continues { state.faults.append("\(subject): \(previous)…\(last) after \(book.last)") }
    }
    state.books[subject] = Book(last: last, isBehindSnapshot: false)
  }

  private static func place(of key: StaticString, in payload: UnsafeRawBufferPointer) -> Int? {
    guard let base = payload.baseAddress else { return nil }
    var start = 0
    while payload.count - start >= key.utf8CodeUnitCount {
      guard let found = memchr(base + start, Int32(key.utf8Start.pointee), payload.count - start) else { return nil }
      start = UnsafeRawPointer(found) - base
      guard payload.count - start >= key.utf8CodeUnitCount else { return nil }
      if memcmp(found, key.utf8Start, key.utf8CodeUnitCount) == 0 { return start + key.utf8CodeUnitCount }
      start += 1
    }
    return nil
  }

  private static func number(after key: StaticString, in payload: UnsafeRawBufferPointer) -> Int64? {
    guard let start = place(of: key, in: payload) else { return nil }
    let digits = payload[start...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return Int64(String(decoding: digits, as: UTF8.self))
  }
}

/// Asks for the health again and again with curl, as a load balancer does.
private struct HTTPLoop {
  private let program: Program
  private let flag: String

  init(_ collector: Collector, in scratch: Scratch) throws {
    flag = try scratch.write("", to: "requests-go-on")
    let url = "http://127.0.0.1:\(collector.port)/health"
    program = try Program(
      [
        "/bin/bash", "-c",
        "while [ -e \(flag) ]; do curl -sS -o /dev/null -w '%{http_code}\\n' --max-time 5 \(url) || echo failed; sleep 0.1; done",
      ], in: scratch)
  }

  /// - Returns: the status of every answer; `failed` or `000` where there was none.
  func stop() async throws -> [String] {
    unlink(flag)
    try await program.ending()
    return program.output.split(separator: "\n").map(String.init)
  }
}
