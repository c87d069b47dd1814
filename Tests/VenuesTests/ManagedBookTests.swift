import MarketData
import Testing
import Venues

@Suite("Managed book")
struct ManagedBookTests {
  /// A book with the levels of the changes it gets, so that a test reads as a run of messages.
  private struct Stage {
    let book: ManagedBook
    private var clock: Int64 = 0

    init(_ rule: SequenceRule = .namesPrevious, maximumLevels: Int = 50_000) {
      let instrument = Instrument(exchange: "binance", market: .perpetual, symbol: "BTC-USDT", venueSymbol: "BTCUSDT")
      book = ManagedBook(instrument: instrument, rule: rule, maximumLevels: maximumLevels)
    }

    /// A change behind `previous` that ends at `last`; levels are pairs of price in tenths and quantity.
    @discardableResult
    mutating func change(
      _ previous: Int64, _ last: Int64, bids: [(Int64, Int64)] = [], asks: [(Int64, Int64)] = []
    ) -> ManagedBook.ChangeOutcome {
      clock += 1
      var buffer = LevelBuffer()
      let header = Self.fill(&buffer, previous + 1, last, previous, bids, asks)
      return book.receive(header, levels: buffer, receivedNS: clock)
    }

    @discardableResult
    mutating func snapshot(
      _ id: Int64, bids: [(Int64, Int64)] = [(1000, 1)], asks: [(Int64, Int64)] = [(1010, 1)]
    ) -> ManagedBook.SnapshotOutcome {
      clock += 1
      var buffer = LevelBuffer()
      let header = Self.fill(&buffer, id, id, nil, bids, asks)
      return book.receiveSnapshot(header, levels: buffer, receivedNS: clock)
    }

    private static func fill(
      _ buffer: inout LevelBuffer, _ first: Int64, _ last: Int64, _ previous: Int64?, _ bids: [(Int64, Int64)],
      _ asks: [(Int64, Int64)]
    ) -> DepthHeader {
      for level in bids + asks {
        buffer.append(
          BookLevel(
            price: FixedDecimal(mantissa: level.0, scale: 1), quantity: FixedDecimal(mantissa: level.1, scale: 0)))
      }
      return DepthHeader(
        firstUpdateID: first, lastUpdateID: last, previousUpdateID: previous, eventTimeMS: last * 10,
        bids: 0..<bids.count, asks: bids.count..<(bids.count + asks.count))
    }

    func quote(_ id: Int64, bid: (Int64, Int64) = (1000, 1), ask: (Int64, Int64) = (1010, 1)) -> Bool {
      func decimal(_ mantissa: Int64) -> FixedDecimal { FixedDecimal(mantissa: mantissa, scale: 1) }
      return book.receive(
        BestQuote(
          bidPrice: decimal(bid.0), bidQuantity: FixedDecimal(mantissa: bid.1, scale: 0), askPrice: decimal(ask.0),
          askQuantity: FixedDecimal(mantissa: ask.1, scale: 0), updateID: id, eventTimeMS: nil))
    }

    var bids: [String] { book.book.topBids(.max).map { "\($0.price)x\($0.quantity)" } }
    var asks: [String] { book.book.topAsks(.max).map { "\($0.price)x\($0.quantity)" } }
  }

  @Test("a new book waits for a snapshot, and every change kept asks for one")
  func waiting() {
    var stage = Stage()
    #expect(stage.book.lossReason == .waitingForSnapshot)
    #expect(stage.change(10, 11) == .wantsSnapshot)
    #expect(stage.change(11, 12) == .wantsSnapshot)
    #expect(stage.book.hasPending)
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.statistics.applied == 0)
  }

  @Test("a snapshot and the kept changes behind it make the book, in their order")
  func synchronising() {
    var stage = Stage()
    stage.change(8, 9, bids: [(999, 77)])
    stage.change(9, 11, bids: [(1005, 2)], asks: [(1010, 0)])
    stage.change(11, 12, bids: [(1005, 3)], asks: [(1020, 4)])
    #expect(stage.snapshot(10) == .synchronised)
    #expect(stage.bids == ["100.5x3", "100.0x1"])
    #expect(stage.asks == ["102.0x4"])
    #expect(stage.book.lossReason == nil)
    #expect(stage.book.book.lastUpdateID == 12)
    #expect(stage.book.eventTimeMS == 120)
    #expect(!stage.book.hasPending)
    #expect(stage.change(12, 13, bids: [(1005, 0)]) == .applied)
    #expect(stage.bids == ["100.0x1"])
    #expect(stage.book.statistics.resynchronisations == 0)
    #expect(stage.book.receivedNS == stage.book.lastChangeSeenNS)
  }

  @Test("a gap in pu makes the book unsynchronised and asks for a snapshot")
  func gap() {
    var stage = Stage()
    stage.snapshot(10)
    #expect(stage.change(10, 12) == .applied)
    #expect(stage.change(15, 17, bids: [(1001, 1)]) == .lost(.gap))
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.lossReason == .gap)
    #expect(stage.book.statistics.gaps == 1)
    #expect(stage.change(17, 18, bids: [(1002, 2)]) == .wantsSnapshot)
    #expect(stage.snapshot(14) == .wantsNewer)
    #expect(stage.snapshot(15) == .synchronised)
    #expect(stage.bids == ["100.2x2", "100.1x1", "100.0x1"])
    #expect(stage.book.statistics.resynchronisations == 1)
    #expect(stage.book.statistics.snapshotsTooOld == 1)
    #expect(stage.book.lossReason == nil)
  }

  @Test("a snapshot older than the stream leaves the kept changes for the next one")
  func oldSnapshot() {
    var stage = Stage(.firstFollowsLast)
    stage.change(10, 12, bids: [(1001, 5)])
    #expect(stage.snapshot(9) == .wantsNewer)
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.book.bidCount == 0)
    #expect(stage.snapshot(10) == .synchronised)
    #expect(stage.bids == ["100.1x5", "100.0x1"])
    #expect(stage.snapshot(30) == .notWanted)
  }

  @Test("a repeated change is counted and changes nothing")
  func duplicates() {
    var stage = Stage()
    stage.snapshot(10)
    #expect(stage.change(10, 12, bids: [(1001, 5)]) == .applied)
    #expect(stage.change(12, 13, bids: [(1001, 6)]) == .applied)
    #expect(stage.change(10, 12, bids: [(1001, 5)]) == .nothingToDo)
    #expect(stage.bids == ["100.1x6", "100.0x1"])
    #expect(stage.book.statistics.duplicates == 1)
    #expect(stage.book.isSynchronised)
  }

  @Test("two frames in the wrong order lose the book, and the late one is no gap of its own")
  func reordered() {
    var stage = Stage()
    stage.snapshot(10)
    #expect(stage.change(12, 14) == .lost(.gap))
    #expect(stage.change(10, 12) == .nothingToDo)
    #expect(stage.change(14, 15, bids: [(1003, 1)]) == .wantsSnapshot)
    #expect(stage.snapshot(13) == .synchronised)
    #expect(stage.bids == ["100.3x1", "100.0x1"])
    #expect(stage.book.statistics.gaps == 1)
  }

  @Test("a gap among the changes that wait is counted, and only what is behind it is kept")
  func gapWhileWaiting() {
    var stage = Stage()
    stage.change(10, 12, bids: [(1009, 9)])
    #expect(stage.change(20, 22, bids: [(1001, 5)]) == .wantsSnapshot)
    #expect(stage.book.statistics.gaps == 1)
    #expect(stage.snapshot(11) == .wantsNewer)
    #expect(stage.snapshot(20) == .synchronised)
    #expect(stage.bids == ["100.1x5", "100.0x1"])
  }

  @Test("more changes than may wait are forgotten, counted, and the newest still leads to a book")
  func pendingChanges() {
    var stage = Stage()
    for id in 0..<Int64(6_000) { stage.change(id, id + 1, bids: [(900, 1)]) }
    #expect(stage.book.statistics.pendingOverflows == 0)
    stage.change(6_000, 6_001, bids: [(901, 1)])
    #expect(stage.book.statistics.pendingOverflows == 1)
    #expect(stage.snapshot(5_999) == .wantsNewer)
    #expect(stage.snapshot(6_000) == .synchronised)
    #expect(stage.bids == ["100.0x1", "90.1x1"])
  }

  @Test("more levels than may wait are forgotten and counted")
  func pendingLevels() {
    var stage = Stage()
    let many = (0..<Int64(100_000)).map { (500 + $0 % 400, Int64(1)) }
    for id in 0..<Int64(5) { stage.change(id, id + 1, bids: many) }
    #expect(stage.book.statistics.pendingOverflows == 0)
    stage.change(5, 6, bids: [(901, 1)])
    #expect(stage.book.statistics.pendingOverflows == 1)
    #expect(stage.snapshot(5) == .synchronised)
    #expect(stage.bids == ["100.0x1", "90.1x1"])
  }

  @Test("a book whose bid is not below its ask is never shown as good")
  func crossed() {
    var stage = Stage()
    stage.snapshot(10)
    #expect(stage.change(10, 11, bids: [(1010, 5)]) == .lost(.crossed))
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.lossReason == .crossed)
    #expect(stage.book.statistics.crossed == 1)
    #expect(stage.snapshot(12, bids: [(1020, 1)]) == .wantsNewer)
    #expect(stage.book.statistics.crossed == 2)
    #expect(!stage.book.isSynchronised)
    #expect(stage.snapshot(13) == .synchronised)
    #expect(stage.bids == ["100.0x1"])
  }

  @Test("a kept change that crosses the book loses it while it is being built")
  func crossedWhileBuilding() {
    var stage = Stage()
    stage.change(10, 11, bids: [(1050, 1)])
    stage.change(11, 12, bids: [(1050, 0)])
    #expect(stage.snapshot(10) == .wantsNewer)
    #expect(stage.book.lossReason == .crossed)
    #expect(!stage.book.hasPending)
  }

  @Test("a price that does not fit beside the others loses the book")
  func unrepresentable() {
    var stage = Stage()
    #expect(stage.snapshot(10, bids: [(1000, 1)], asks: [(Int64.max, 1)]) == .synchronised)
    var buffer = LevelBuffer()
    buffer.append(
      BookLevel(price: FixedDecimal(mantissa: 11, scale: 18), quantity: FixedDecimal(mantissa: 1, scale: 0)))
    let header = DepthHeader(
      firstUpdateID: 11, lastUpdateID: 11, previousUpdateID: 10, eventTimeMS: nil, bids: 0..<0, asks: 0..<1)
    #expect(stage.book.receive(header, levels: buffer, receivedNS: 5) == .lost(.unrepresentable))
    #expect(!stage.book.isSynchronised)
  }

  @Test("a quote at the id of a change is a checkpoint, whichever comes first")
  func checkpoints() {
    var stage = Stage()
    #expect(stage.quote(11))
    stage.snapshot(10)
    #expect(stage.change(10, 11) == .applied)
    #expect(stage.change(11, 12, bids: [(1001, 5)]) == .applied)
    #expect(stage.quote(12, bid: (1001, 5)))
    #expect(stage.quote(13, bid: (1, 5)))
    #expect(stage.book.statistics.checkpointsMatched == 2)
    #expect(stage.book.statistics.checkpointsMismatched == 0)
    #expect(stage.book.isSynchronised)
  }

  @Test("a quote that contradicts the book makes it unsynchronised", arguments: [true, false])
  func contradicted(quoteFirst: Bool) {
    var stage = Stage()
    stage.snapshot(10)
    if quoteFirst {
      #expect(stage.quote(11, bid: (1000, 2)))
      #expect(stage.change(10, 11) == .lost(.contradicted))
    } else {
      #expect(stage.change(10, 11) == .applied)
      #expect(!stage.quote(11, ask: (1011, 1)))
    }
    #expect(stage.book.lossReason == .contradicted)
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.statistics.checkpointsMismatched == 1)
    #expect(stage.snapshot(12) == .synchronised)
    #expect(stage.book.statistics.resynchronisations == 1)
  }

  @Test("states of a book that was lost are not compared with later quotes")
  func forgottenStates() {
    var stage = Stage()
    stage.snapshot(10)
    stage.change(10, 11)
    stage.book.lose(.disconnected)
    #expect(stage.quote(11, bid: (1, 1)))
    #expect(stage.book.statistics.checkpointsMismatched == 0)
  }

  @Test("a quote may be a hundred messages away from its change")
  func distantCheckpoint() {
    var stage = Stage()
    stage.snapshot(0)
    for id in 0..<Int64(101) { stage.change(id, id + 1) }
    #expect(stage.quote(1))
    #expect(stage.quote(2, bid: (1, 1)) == false)
    #expect(stage.book.statistics.checkpointsMatched == 1)
  }

  @Test("an empty side and a quote that writes it as zero agree")
  func emptySide() {
    var stage = Stage()
    stage.snapshot(10)
    #expect(stage.quote(11, bid: (0, 0)))
    #expect(stage.change(10, 11, bids: [(1000, 0)]) == .applied)
    #expect(stage.book.statistics.checkpointsMatched == 1)
    #expect(!stage.quote(11, bid: (1000, 1)))
  }

  @Test("a broken connection loses the book, and the new stream begins anew")
  func reconnect() {
    var stage = Stage()
    stage.snapshot(10)
    stage.change(10, 11)
    stage.book.lose(.disconnected)
    #expect(stage.book.lossReason == .disconnected)
    #expect(stage.change(50, 52, bids: [(1002, 2)]) == .wantsSnapshot)
    #expect(stage.book.statistics.gaps == 0)
    #expect(stage.snapshot(50) == .synchronised)
    #expect(stage.bids == ["100.2x2", "100.0x1"])
    #expect(stage.book.statistics.resynchronisations == 1)
  }

  @Test("an exchange that counts anew does not leave a frozen book that looks good")
  func countingAnew() {
    var stage = Stage()
    stage.snapshot(1_000_000)
    for id in 0..<Int64(256) { #expect(stage.change(id, id + 1) == .nothingToDo) }
    #expect(stage.book.isSynchronised)
    #expect(stage.change(256, 257, bids: [(1003, 4)]) == .lost(.gap))
    #expect(stage.change(257, 258) == .wantsSnapshot)
    #expect(stage.snapshot(256) == .synchronised)
    #expect(stage.bids == ["100.3x4", "100.0x1"])
  }

  @Test("an absurd id among the changes that wait does not keep the book waiting for ever")
  func absurdIDWhileWaiting() {
    var stage = Stage()
    stage.change(0, 900_000_000_000_000_000)
    for id in 0..<Int64(256) { #expect(stage.change(id, id + 1) == .nothingToDo) }
    #expect(stage.change(256, 257) == .wantsSnapshot)
    #expect(stage.change(257, 258, bids: [(1003, 4)]) == .wantsSnapshot)
    #expect(stage.snapshot(257) == .synchronised)
    #expect(stage.bids == ["100.3x4", "100.0x1"])
  }

  @Test("repeated changes among good ones never add up to a loss")
  func scatteredDuplicates() {
    var stage = Stage()
    stage.snapshot(0)
    for id in 0..<Int64(1_000) {
      #expect(stage.change(id, id + 1) == .applied)
      #expect(stage.change(id, id + 1) == .nothingToDo)
    }
    #expect(stage.book.statistics.duplicates == 1_000)
  }

  @Test("the bound on levels holds in a managed book")
  func bound() {
    var stage = Stage(maximumLevels: 3)
    stage.snapshot(1, bids: (900..<910).map { (Int64($0), 1) })
    #expect(stage.bids == ["90.9x1", "90.8x1", "90.7x1"])
    #expect(stage.book.book.droppedLevels == 7)
  }
}
