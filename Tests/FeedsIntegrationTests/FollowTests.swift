import Feeds
import MarketData
import Testing
import VenueSimulator
import Venues

@Suite("Live change of symbols")
struct FollowTests {
  private func options(_ symbols: [String], perConnection: Int? = nil) -> Rig.Options {
    var options = Rig.Options()
    options.symbols = [.spot: symbols]
    if let perConnection { options.venue = SmallVenue(perConnection: perConnection) }
    return options
  }

  private func spot(_ symbols: String...) throws -> [Instrument] { try symbols.map { try instrument($0, .spot) } }

  @Test("symbols come and go on one connection, and the others are not touched")
  func onOneConnection() async throws {
    try await Rig.run(options(["BTCUSDT", "ETHUSDT"])) { rig in
      let feed = try rig.feed(.spot)
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      let before = try #require(await feed.reports().first)

      await feed.follow(try spot("BTCUSDT", "SOLUSDT"))
      let log = try #require(rig.log)
      let mark = log.count
      #expect(await eventually(seconds: 10) { await rig.allSynchronised(2) })
      #expect(await rig.books().map(\.instrument.symbol) == ["BTC-USDT", "SOL-USDT"])
      #expect(await feed.book(of: try instrument("ETHUSDT", .spot), depth: 1) == nil)
      for type in [DataType.trade, .orderbook, .ticker] {
        #expect(try log.events(type, from: mark).allSatisfy { $0.symbol != "ETH-USDT" })
      }

      await feed.follow(try spot("BTCUSDT", "ETHUSDT", "SOLUSDT"))
      #expect(await eventually(seconds: 10) { await rig.allSynchronised(3) })
      try await rig.settle()
      let after = try #require(await feed.reports().first)
      #expect(after.connectedAt == before.connectedAt)
      #expect(after.reconnects == 0 && after.statistics.failed == 0)
      #expect(rig.simulator.statistics.connectionsOpened == 1)
      let bitcoin = try #require(after.books.first { $0.instrument.symbol == "BTC-USDT" })
      #expect(bitcoin.statistics.gaps == 0 && bitcoin.statistics.resynchronisations == 0)
    }
  }

  @Test("symbols spread over connections; none is followed twice, and a connection without any is closed")
  func shards() async throws {
    try await Rig.run(options(["BTCUSDT", "ETHUSDT", "SOLUSDT"], perConnection: 2)) { rig in
      let feed = try rig.feed(.spot)
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      #expect(await feed.reports().map(\.instruments.count) == [2, 1])

      // The first connection has room now; what the second follows stays there all the same.
      await feed.follow(try spot("BTCUSDT", "SOLUSDT"))
      #expect(await feed.reports().map { $0.instruments.map(\.venueSymbol) } == [["BTCUSDT"], ["SOLUSDT"]])

      await feed.follow(try spot("BTCUSDT"))
      #expect(await feed.reports().map { $0.instruments.map(\.venueSymbol) } == [["BTCUSDT"]])
      #expect(await eventually(seconds: 5) { rig.simulator.statistics.connectionsOpen == 1 })

      await feed.follow(try spot("BTCUSDT", "ETHUSDT", "SOLUSDT"))
      #expect(await eventually(seconds: 10) { await rig.allSynchronised(3) })
      #expect(await feed.reports().map(\.instruments.count) == [2, 1])
      try await rig.settle()
      #expect(await feed.reports().allSatisfy { $0.reconnects == 0 })
    }
  }

  @Test("symbols changed while the connection is being dialled are subscribed to once it stands")
  func whileDialling() async throws {
    try await Rig.run(options(["BTCUSDT", "ETHUSDT"]), starting: false) { rig in
      let feed = try rig.feed(.spot)
      feed.start()
      await feed.follow(try spot("BTCUSDT", "SOLUSDT"))
      let log = try #require(rig.log)
      // Trades, because a book would come by its snapshot even without a stream.
      let flowing = await eventually(seconds: 10) {
        let symbols = Set((try? log.events(.trade))?.map(\.symbol) ?? [])
        return symbols == ["BTC-USDT", "SOL-USDT"]
      }
      #expect(flowing)
      try await rig.settle()
      #expect(rig.simulator.statistics.connectionsOpened == 1)
    }
  }

  @Test("forty changes at once are gathered: the exchange does not drop the session for talking too much")
  func storm() async throws {
    try await Rig.run(options(["BTCUSDT", "ETHUSDT"])) { rig in
      let feed = try rig.feed(.spot)
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      for round in 0..<40 {
        await feed.follow(try spot("BTCUSDT", round.isMultiple(of: 2) ? "SOLUSDT" : "ETHUSDT"))
      }
      await feed.follow(try spot("BTCUSDT", "ETHUSDT", "SOLUSDT"))
      #expect(await eventually(seconds: 10) { await rig.allSynchronised(3) })
      let log = try #require(rig.log)
      let mark = log.count
      let flowing = await eventually(seconds: 5) {
        Set((try? log.events(.trade, from: mark))?.map(\.symbol) ?? []) == ["BTC-USDT", "ETH-USDT", "SOL-USDT"]
      }
      #expect(flowing)
      try await rig.settle()
      #expect(rig.simulator.statistics.connectionsOpened == 1)
      #expect(rig.simulator.statistics.rateLimitedConnections == 0)
    }
  }

  @Test("a symbol that the exchange refuses is reported with its words; the session stays, and goes on without it")
  func refused() async throws {
    try await Rig.run(options(["BTCUSDT"])) { rig in
      let feed = try rig.feed(.spot)
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      let unknown = try instrument("NOSUCHUSDT", .spot)
      await feed.follow(try spot("BTCUSDT") + [unknown])
      #expect(
        await eventually(seconds: 5) {
          await feed.reports().first?.refusals[unknown]?.contains("unknown stream") == true
        })
      await feed.follow(try spot("BTCUSDT"))
      let report = try #require(await feed.reports().first)
      #expect(report.refusals.isEmpty && report.reconnects == 0)
      try await rig.settle()
    }
  }
}
