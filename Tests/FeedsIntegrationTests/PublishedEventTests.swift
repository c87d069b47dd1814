import Feeds
import MarketData
import Testing
import VenueSimulator

/// Checks that a consumer who knows nothing but the published events has the truth in its hands, without one delta that
/// did not continue what came before it.
func checkPublished(_ rig: Rig) throws {
  let log = try #require(rig.log)
  #expect(log.lost == 0)
  var books: [String: ConsumerBook] = [:]
  for event in try log.events(.orderbook) {
    books["\(event.market_type) \(event.symbol)", default: ConsumerBook()].receive(event)
  }
  for instrument in rig.feeds.values.flatMap(\.configuration.wish.instruments) {
    let name = "\(instrument.market.rawValue) \(instrument.symbol)"
    let book = try #require(books[name])
    let truth = try #require(rig.truth(of: instrument))
    #expect(book.violations.isEmpty, "\(name)")
    #expect(book.snapshots > 0 && book.deltas > 0, "\(name)")
    #expect(book.lastUpdateID == Int64(truth.lastUpdateID), "\(name)")
    let isTrue = book.holds(
      bids: truth.bids.map { ($0.price, $0.quantity) }, asks: truth.asks.map { ($0.price, $0.quantity) })
    #expect(isTrue, "\(name)")
  }
}

@Suite("Published events")
struct PublishedEventTests {
  @Test("while no connection is lost no trade is missing and none comes twice")
  func trades() async throws {
    try await Rig.run { rig in
      #expect(await eventually(seconds: 10) { await rig.allSynchronised() })
      try await Task.sleep(for: .seconds(2))
      try await rig.settle()
      try checkPublished(rig)
      var last: [String: Int64] = [:]
      var jumps: [String] = []
      for event in try #require(rig.log).events(.trade) {
        let name = "\(event.market_type) \(event.symbol)"
        let id = try #require(event.trade_id.flatMap { Int64($0) })
        if let last = last[name], id != last + 1 { jumps.append("\(name): \(id) after \(last)") }
        last[name] = id
      }
      #expect(jumps.isEmpty)
      #expect(last.count == 5)
      let books = await rig.books()
      #expect(books.allSatisfy { $0.statistics.gaps == 0 && $0.statistics.resynchronisations == 0 })
    }
  }

  @Test("after a missing change a snapshot is published before the next change")
  func snapshotAfterGap() async throws {
    var options = Rig.Options()
    options.simulator.faults = [.drop(probability: 0.05)]
    try await Rig.run(options) { rig in
      let lossy = await eventually(seconds: 20) {
        await rig.books().reduce(0) { $0 + $1.statistics.resynchronisations } >= 5
      }
      #expect(lossy)
      try await rig.settle()
      try checkPublished(rig)
      let snapshots = try #require(rig.log).events(.orderbook).count { $0.update_type == "snapshot" }
      let synchronised = await rig.books().reduce(0) { $0 + 1 + $1.statistics.resynchronisations }
      #expect(snapshots == synchronised)
    }
  }
}
