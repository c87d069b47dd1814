import Feeds
import MarketData
import Testing
import VenueSimulator

/// Checks that a consumer who knows nothing but the published events has the truth in its hands, without one delta that
/// did not continue what came before it.
func checkPublished(_ rig: Rig) async throws {
  let log = try #require(rig.log)
  var books: [String: ConsumerBook] = [:]
  var read = 0
  var wrong: [String] = []
  // The market ends each half second with one more change of its best price, the last one after it was frozen.
  let deadline = ContinuousClock.now + .seconds(5)
  repeat {
    try await Task.sleep(for: .milliseconds(50))
    let events = try log.events(.orderbook).dropFirst(read)
    read += events.count
    for event in events { books["\(event.market_type) \(event.symbol)", default: ConsumerBook()].receive(event) }
    wrong = rig.feeds.values.flatMap(\.configuration.wish.instruments).filter { instrument in
      let book = books["\(instrument.market.rawValue) \(instrument.symbol)"]
      guard let book, let truth = rig.truth(of: instrument) else { return true }
      return book.lastUpdateID != Int64(truth.lastUpdateID)
        || !book.holds(
          bids: truth.bids.map { ($0.price, $0.quantity) }, asks: truth.asks.map { ($0.price, $0.quantity) })
    }.map(\.symbol)
  } while !wrong.isEmpty && ContinuousClock.now < deadline
  #expect(wrong.isEmpty)
  #expect(log.lost == 0)
  for (name, book) in books {
    #expect(book.violations.isEmpty, "\(name)")
    #expect(book.snapshots > 0 && book.deltas > 0, "\(name)")
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
      try await checkPublished(rig)
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
      try await checkPublished(rig)
      let snapshots = try #require(rig.log).events(.orderbook).count { $0.update_type == "snapshot" }
      let synchronised = await rig.books().reduce(0) { $0 + 1 + $1.statistics.resynchronisations }
      #expect(snapshots == synchronised)
    }
  }
}
