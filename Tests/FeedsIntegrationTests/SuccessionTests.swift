import Feeds
import MarketData
import Testing
import VenueSimulator
import Venues

@Suite("One feed in the place of another")
struct SuccessionTests {
  private func options() -> Rig.Options {
    var options = Rig.Options()
    options.simulator = SimulatorConfiguration(eventsPerSecond: 6000)
    options.symbols = [.spot: ["BTCUSDT", "ETHUSDT"]]
    return options
  }

  private func heir(_ rig: Rig, _ market: MarketType) throws -> Feed {
    try Rig.feed(
      market, options().symbols[.spot] ?? [], options: options(), endpoints: rig.endpoints, rest: rig.rest,
      budget: SharedRequestBudget(limit: 6000), log: rig.log, isMuted: true)
  }

  private func isSynchronised(_ feed: Feed) async -> Bool {
    let books = await feed.reports().flatMap(\.books)
    return !books.isEmpty && books.allSatisfy(\.isSynchronised)
  }

  /// What is wrong with the run of published events; empty when nothing is.
  private func faults(_ log: EventLog) throws -> [String] {
    var faults: [String] = []
    for type in [DataType.trade] {
      var last: [String: Int64] = [:]
      for event in try log.events(type) {
        guard let id = event.trade_id.flatMap({ Int64($0) }) else {
          faults.append("a trade without id")
          continue
        }
        if let before = last[event.symbol], id != before + 1 { faults.append("trade \(id) after \(before)") }
        last[event.symbol] = id
      }
    }
    var books: [String: ConsumerBook] = [:]
    for event in try log.events(.orderbook) { books[event.symbol, default: ConsumerBook()].receive(event) }
    faults += books.values.flatMap(\.violations)
    if books.count != 2 { faults.append("\(books.count) books") }
    var quotes: [String: Int64] = [:]
    for event in try log.events(.ticker) {
      guard let id = event.sequence else { continue }
      if let before = quotes[event.symbol], id <= before { faults.append("quote \(id) after \(before)") }
      quotes[event.symbol] = id
    }
    return faults
  }

  @Test("to and fro under load: no trade and no change of a book is lost or doubled, on either market")
  func toAndFro() async throws {
    for market in [MarketType.spot, .perpetual] {
      var options = options()
      options.symbols = [market: ["BTCUSDT", "ETHUSDT"]]
      try await Rig.run(options) { rig in
        let old = try rig.feed(market)
        let log = try #require(rig.log)
        let new = try heir(rig, market)
        new.start()
        #expect(await eventually(seconds: 10) { await isSynchronised(old) })
        #expect(await eventually(seconds: 10) { await isSynchronised(new) })
        for _ in 0..<5 {
          await new.unmute(after: await old.mute())
          try await Task.sleep(for: .milliseconds(150))
          await old.unmute(after: await new.mute())
          try await Task.sleep(for: .milliseconds(150))
        }
        let count = log.count
        // Who is muted is not heard.
        await new.unmute(after: await old.mute())
        await old.stop()
        try await Task.sleep(for: .milliseconds(300))
        #expect(log.count > count + 300)
        #expect(try faults(log) == [])
        #expect(try log.events(.trade).count > 300)
        await new.stop()
        #expect(log.lost == 0)
      }
    }
  }

  @Test("a muted feed is not heard, and an heir without marks begins with the whole books")
  func opened() async throws {
    try await Rig.run(options(), starting: false) { rig in
      let log = try #require(rig.log)
      let new = try heir(rig, .spot)
      new.start()
      #expect(await eventually(seconds: 10) { await isSynchronised(new) })
      try await Task.sleep(for: .milliseconds(300))
      #expect(log.count == 0)
      await new.unmute(after: [:])
      try await Task.sleep(for: .milliseconds(300))
      await new.stop()
      let first = Dictionary(try log.events(.orderbook).map { ($0.symbol, $0) }) { first, _ in first }
      #expect(first.count == 2 && first.values.allSatisfy { $0.update_type == "snapshot" })
      #expect(try faults(log) == [])
    }
  }

  @Test("a symbol retained in silence is taken up again with its book, and without a request to the exchange")
  func retained() async throws {
    try await Rig.run(options()) { rig in
      let feed = try rig.feed(.spot)
      let log = try #require(rig.log)
      let both = try ["BTCUSDT", "ETHUSDT"].map { try instrument($0, .spot) }
      #expect(await eventually(seconds: 10) { await isSynchronised(feed) })
      let snapshots = await feed.reports().first?.statistics.snapshots
      await feed.follow([both[0]], retaining: both)
      let mark = log.count
      try await Task.sleep(for: .milliseconds(300))
      #expect(try log.events(.trade, from: mark).allSatisfy { $0.symbol == "BTC-USDT" })
      #expect(await feed.book(of: both[1], depth: 1) == nil)
      #expect(await feed.reports().flatMap(\.instruments) == [both[0]])
      await feed.follow(both)
      let back = log.count
      try await Task.sleep(for: .milliseconds(300))
      let first = try #require(try log.events(.orderbook, from: back - 2).first { $0.symbol == "ETH-USDT" })
      #expect(first.update_type == "snapshot")
      #expect(await feed.reports().first?.statistics.snapshots == snapshots)
      #expect(await isSynchronised(feed))
      #expect(await feed.reports().first?.reconnects == 0)
    }
  }

  @Test("limits are tuned while the connection stands: a shorter staleness closes a silent one")
  func tuned() async throws {
    try await Rig.run(options()) { rig in
      let feed = try rig.feed(.spot)
      #expect(await eventually(seconds: 10) { await isSynchronised(feed) })
      var tuning = feed.configuration.tuning
      tuning.pingInterval = .seconds(1)
      tuning.snapshotDepth = 100
      tuning.session.staleAfter = .seconds(5)
      await feed.tune(tuning)
      #expect(feed.configuration.tuning == tuning)
      try await Task.sleep(for: .milliseconds(200))
      #expect(await feed.reports().first?.reconnects == 0)
      rig.simulator.setFaults([.stall(after: .zero)])
      tuning.pingInterval = nil
      tuning.session.staleAfter = .milliseconds(300)
      await feed.tune(tuning)
      #expect(
        await eventually(seconds: 5) {
          await feed.reports().first?.lastDisconnect == "\(DisconnectReason.staleTimeout)"
        })
    }
  }
}
