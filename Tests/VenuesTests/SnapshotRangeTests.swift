import MarketData
import TestSupport
import Testing
import Venues

@Suite("The range of a cut-off snapshot")
struct SnapshotRangeTests {
  /// Sixteen levels a side, a tenth apart: bids from 100.0 down, asks from 101.0 up.
  private let bids = (0..<16).map { (Int64(1000 - $0), Int64(1)) }
  private let asks = (0..<16).map { (Int64(1010 + $0), Int64(1)) }

  /// A synchronised book at id 10 whose snapshot was cut off at sixteen levels.
  private func stage() -> BookStage {
    var stage = BookStage()
    stage.snapshot(10, bids: bids, asks: asks, limit: 16)
    return stage
  }

  /// Removals of the best bids down to `price`.
  private func removals(downTo price: Int64) -> [(Int64, Int64)] {
    (price + 1...1000).map { ($0, 0) }
  }

  @Test("a best price far from the edge wants nothing; near it, a newer snapshot, and the book stays in service")
  func nearTheEdge() {
    var stage = stage()
    #expect(stage.change(10, 11, bids: removals(downTo: 987)) == .applied)
    #expect(!stage.book.wantsNewerSnapshot)
    #expect(stage.change(11, 12, bids: [(987, 0)]) == .applied)
    #expect(stage.book.wantsNewerSnapshot)
    #expect(stage.book.isSynchronised)
  }

  @Test("a side that was not cut off has no edge")
  func wholeBook() {
    var stage = BookStage()
    stage.snapshot(10, bids: bids, asks: asks, limit: 100)
    #expect(stage.change(10, 11, bids: removals(downTo: 985)) == .applied)
    #expect(!stage.book.wantsNewerSnapshot)
  }

  @Test("the newer snapshot adds what was unknown, and changes behind its id are applied again")
  func widening() {
    var stage = stage()
    stage.change(10, 11, bids: removals(downTo: 986))
    stage.change(11, 12, bids: [(986, 7)])
    #expect(stage.snapshot(11, bids: [(986, 1), (985, 1), (984, 4)], asks: asks, limit: 16) == .synchronised)
    #expect(stage.bids == ["98.6x7", "98.5x1", "98.4x4"])
    #expect(!stage.book.wantsNewerSnapshot)
    #expect(stage.book.book.lastUpdateID == 12)
    #expect(stage.book.statistics.refreshes == 1)
    #expect(stage.change(12, 13) == .applied)
  }

  @Test("a snapshot ahead of the stream is held until the stream has come to its id")
  func ahead() {
    var stage = stage()
    stage.change(10, 11, bids: removals(downTo: 986))
    #expect(stage.snapshot(13, bids: [(985, 9), (984, 4)], asks: asks, limit: 16) == .held)
    #expect(!stage.book.wantsNewerSnapshot)
    #expect(stage.change(11, 12, asks: [(1010, 2)]) == .applied)
    #expect(stage.bids == ["98.6x1", "98.5x1"])
    #expect(stage.change(12, 13, bids: [(986, 0), (985, 9)]) == .refreshed)
    #expect(stage.bids == ["98.5x9", "98.4x4"])
  }

  @Test("a snapshot from before the changes kept is refused, and the book goes on")
  func tooOld() {
    var stage = stage()
    stage.change(10, 11)
    stage.change(11, 12, bids: removals(downTo: 986))
    stage.change(12, 13)
    #expect(stage.snapshot(10, bids: [(986, 1), (984, 4)], asks: asks, limit: 16) == .wantsNewer)
    #expect(stage.book.isSynchronised)
    #expect(stage.book.wantsNewerSnapshot)
  }

  @Test("a best price that leaves the range first makes the book unsynchronised")
  func leaving() {
    var stage = stage()
    stage.change(10, 11, bids: removals(downTo: 986))
    #expect(stage.change(11, 12, bids: [(986, 0)]) == .lost(.outOfRange))
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.lossReason == .outOfRange)
  }

  @Test("over a long walk of the price, a book fed with cut-off snapshots shows the true best levels at every change")
  func walk() {
    var random = Seeded(20_261_122)
    var market = WalkingMarket()
    var stage = BookStage()
    var delayed: [WalkingMarket.Change] = []
    var compared = 0
    for _ in 0..<200 { delayed.append(market.step(&random)) }
    for _ in 0..<20_000 {
      // The stream is three changes behind what a snapshot shows.
      delayed.append(market.step(&random))
      if !stage.book.isSynchronised && stage.book.hasPending || stage.book.wantsNewerSnapshot {
        let snapshot = market.snapshot(levels: 160)
        stage.snapshot(market.id, bids: snapshot.bids, asks: snapshot.asks, limit: 160)
      }
      while delayed.count > 3 {
        let change = delayed.removeFirst()
        stage.change(change.id - 1, change.id, bids: change.bids, asks: change.asks)
        guard stage.book.isSynchronised, stage.book.book.lastUpdateID == change.id else { continue }
        compared += 1
        #expect(Array(stage.bids.prefix(3)) == change.bestBids)
        #expect(Array(stage.asks.prefix(3)) == change.bestAsks)
      }
    }
    #expect(compared > 15_000)
    #expect(stage.book.statistics.refreshes > 10)
    #expect(stage.book.statistics.gaps == 0)
    #expect(stage.book.statistics.crossed == 0)
  }
}

/// A book of 400 levels a side around a price that walks; every change moves the price by a tenth or a quantity.
private struct WalkingMarket {
  struct Change {
    var id: Int64
    var bids: [(Int64, Int64)]
    var asks: [(Int64, Int64)]
    var bestBids: [String]
    var bestAsks: [String]
  }

  private(set) var id: Int64 = 100
  private var middle: Int64 = 50_000
  private var drift: Int64 = 1
  /// Quantity by price; each price has one, on whichever side of the middle it lies.
  private var quantities: [Int64: Int64] = [:]

  private func quantity(_ price: Int64) -> Int64 { quantities[price] ?? 1 + price % 7 }

  mutating func step(_ random: inout Seeded) -> Change {
    id += 1
    if random.below(400) == 0 { drift = -drift }
    var bids: [(Int64, Int64)] = []
    var asks: [(Int64, Int64)] = []
    if random.below(3) > 0 {
      // Going up, the lowest ask is taken away and becomes the best bid; going down the other way round.
      let price = drift > 0 ? middle : middle - 1
      middle += drift
      bids.append((price, drift > 0 ? quantity(price) : 0))
      asks.append((price, drift > 0 ? 0 : quantity(price)))
    } else {
      let price = middle - 20 + Int64(random.below(40))
      quantities[price] = 1 + Int64(random.below(50))
      if price < middle { bids.append((price, quantity(price))) } else { asks.append((price, quantity(price))) }
    }
    return Change(id: id, bids: bids, asks: asks, bestBids: best(-1), bestAsks: best(1))
  }

  private func best(_ direction: Int64) -> [String] {
    (0..<3).map(Int64.init).map { distance in
      let price = direction > 0 ? middle + distance : middle - 1 - distance
      return "\(price / 10).\(price % 10)x\(quantity(price))"
    }
  }

  func snapshot(levels: Int) -> (bids: [(Int64, Int64)], asks: [(Int64, Int64)]) {
    let distances = (0..<levels).map(Int64.init)
    return (
      distances.map { (middle - 1 - $0, quantity(middle - 1 - $0)) },
      distances.map { (middle + $0, quantity(middle + $0)) }
    )
  }
}
