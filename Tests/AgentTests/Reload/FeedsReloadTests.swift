@testable import Agent
import Feeds
import Foundation
import Logging
import MarketData
import NIOPosix
import Settings
import Synchronization
import Testing
import VenueSimulator

@Suite("Feeds in a reload")
struct FeedsReloadTests {
  @Test("an entry opened anew takes over without a trade lost or doubled, and the old connection is closed")
  func replaced() async throws {
    try await FeedStage.run { stage in
      let prepared = try #require(try await stage.prepare { $0.exchanges[0].maxFrameBytes = 1 << 20 })
      let old = stage.roster.feeds[0]
      #expect(stage.simulator.statistics.connectionsOpen == 3)
      await prepared.commit()
      #expect(stage.roster.feeds[0] !== old && stage.roster.feeds[1] === stage.feeds[1])
      #expect(try await prepared.verify(until: .now + .seconds(10)) == [])
      await prepared.finish()
      let mark = stage.trades.count
      #expect(await eventually { stage.simulator.statistics.connectionsOpen == 2 })
      #expect(await eventually { stage.trades.count > mark + 100 })
      #expect(stage.trades.faults == [])
    }
  }

  @Test("undone, the old entry is heard again as if nothing had been, and the new connection is closed")
  func reverted() async throws {
    try await FeedStage.run { stage in
      let prepared = try #require(
        try await stage.prepare {
          $0.exchanges[0].maxFrameBytes = 1 << 20
          $0.exchanges[1].staleAfter = .seconds(7)
        })
      await prepared.commit()
      try await Task.sleep(for: .milliseconds(200))
      #expect(stage.roster.feeds[1].configuration.session.staleAfter == .seconds(7))
      await prepared.revert()
      #expect(stage.roster.feeds.elementsEqual(stage.feeds) { $0 === $1 })
      #expect(stage.roster.feeds[1].configuration.session.staleAfter == .seconds(60))
      let mark = stage.trades.count
      #expect(await eventually { stage.simulator.statistics.connectionsOpen == 2 })
      #expect(await eventually { stage.trades.count > mark + 100 })
      #expect(stage.trades.faults == [])
      #expect(await stage.reconnects() == 0)
    }
  }

  @Test(
    "an address where nobody answers fails the preparation, names the entry, the key and why, and leaves nothing open")
  func unreachable() async throws {
    try await FeedStage.run { stage in
      do throws(ReloadFailure) {
        _ = try await stage.prepare(within: .seconds(2)) { $0.exchanges[0].wsURL = "ws://127.0.0.1:1" }
        Issue.record("prepared")
      } catch {
        #expect(error.component == "feeds" && error.keyPath == "exchanges[0].ws_url")
        #expect(error.message.hasPrefix("binance-spot could not be opened beside what runs: not connected: "))
        #expect(error.message.contains("not connected: dial failed: "), "\(error.message)")
      }
      #expect(stage.roster.feeds.elementsEqual(stage.feeds) { $0 === $1 })
      #expect(await eventually { stage.simulator.statistics.connectionsOpen == 2 })
      #expect(await stage.reconnects() == 0)
      #expect(stage.trades.faults == [])
    }
  }

  @Test("a symbol that the exchange refuses is named and undone; the session stays up, and what went is back")
  func refusedSymbol() async throws {
    try await FeedStage.run { stage in
      let prepared = try #require(try await stage.prepare { $0.exchanges[0].symbols = ["ETHUSDT", "NOSUCHUSDT"] })
      await prepared.commit()
      do throws(ReloadFailure) {
        _ = try await prepared.verify(until: .now + .seconds(20))
        Issue.record("verified")
      } catch {
        #expect(error.keyPath == "exchanges[0].symbols")
        #expect(error.message.contains("NOSUCHUSDT: "), "\(error.message)")
        #expect(error.message.contains("refused"), "\(error.message)")
      }
      await prepared.revert()
      #expect(
        await stage.roster.feeds[0].reports().map { Set($0.instruments.map(\.venueSymbol)) } == [
          ["BTCUSDT", "ETHUSDT"]
        ])
      #expect(await stage.reconnects() == 0)
      // BTC had been kept in silence: it goes on without a new snapshot.
      #expect(await stage.isSynchronised())
    }
  }

  @Test("entries come and go; an entry that went comes back when the reload is undone, without a new connection")
  func comeAndGo() async throws {
    try await FeedStage.run { stage in
      let gone = try #require(try await stage.prepare { $0.exchanges.removeFirst() })
      await gone.commit()
      #expect(stage.roster.feeds.map(\.configuration.name) == ["binance-perpetual"])
      try await Task.sleep(for: .milliseconds(200))
      await gone.revert()
      #expect(stage.roster.feeds.elementsEqual(stage.feeds) { $0 === $1 })
      #expect(stage.simulator.statistics.connectionsOpened == 2)
      #expect(stage.trades.faults == [])

      let more = try #require(
        try await stage.prepare { settings in
          var entry = settings.exchanges[0]
          entry.name = "more"
          entry.symbols = ["SOLUSDT"]
          settings.exchanges.insert(entry, at: 0)
        })
      #expect(!stage.trades.symbols.contains("SOL-USDT"))
      await more.commit()
      #expect(try await more.verify(until: .now + .seconds(10)) == [])
      await more.finish()
      #expect(stage.roster.feeds.map(\.configuration.name) == ["more", "binance-spot", "binance-perpetual"])
      #expect(await eventually { stage.trades.symbols.contains("SOL-USDT") })
      await stage.roster.close()
      #expect(await eventually { stage.simulator.statistics.connectionsOpen == 0 })
      #expect(!stage.roster.admit(stage.feeds[0]))
    }
  }

  @Test("what was not connected before does not stand in the way, and it is said that nothing was verified")
  func wasDown() async throws {
    try await FeedStage.run { stage in
      await stage.simulator.stop()
      #expect(await eventually { await !stage.roster.feeds[0].reports().allSatisfy(\.isConnected) })
      let prepared = try #require(try await stage.prepare { $0.exchanges[0].maxFrameBytes = 1 << 20 })
      await prepared.commit()
      #expect(
        try await prepared.verify(until: .now + .seconds(10))
          == ["binance-spot: was not connected before, so nothing could be verified"])
      await prepared.finish()
    }
  }

  @Test("nothing is prepared for a change of something else")
  func notTouched() async throws {
    try await FeedStage.run { stage in
      let prepared = try await stage.prepare { $0.nats.grace = .seconds(1) }
      #expect(prepared == nil)
    }
  }
}
