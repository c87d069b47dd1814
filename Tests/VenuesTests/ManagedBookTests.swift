import MarketData
import Testing
import Venues

@Suite("Managed book")
struct ManagedBookTests {
  @Test("a new book waits for a snapshot, and every change kept asks for one")
  func waiting() {
    var stage = BookStage()
    #expect(stage.book.lossReason == .waitingForSnapshot)
    #expect(stage.change(10, 11) == .wantsSnapshot)
    #expect(stage.change(11, 12) == .wantsSnapshot)
    #expect(stage.book.hasPending)
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.statistics.applied == 0)
  }

  @Test("a snapshot and the kept changes behind it make the book, in their order")
  func synchronising() {
    var stage = BookStage()
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
    var stage = BookStage()
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
    var stage = BookStage(.firstFollowsLast)
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
    var stage = BookStage()
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
    var stage = BookStage()
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
    var stage = BookStage()
    stage.change(10, 12, bids: [(1009, 9)])
    #expect(stage.change(20, 22, bids: [(1001, 5)]) == .wantsSnapshot)
    #expect(stage.book.statistics.gaps == 1)
    #expect(stage.snapshot(11) == .wantsNewer)
    #expect(stage.snapshot(20) == .synchronised)
    #expect(stage.bids == ["100.1x5", "100.0x1"])
  }

  @Test("more changes than may wait are forgotten, counted, and the newest still leads to a book")
  func pendingChanges() {
    var stage = BookStage()
    for id in 0..<Int64(20_000) { stage.change(id, id + 1, bids: [(900, 1)]) }
    #expect(stage.book.statistics.pendingOverflows == 0)
    stage.change(20_000, 20_001, bids: [(901, 1)])
    #expect(stage.book.statistics.pendingOverflows == 1)
    #expect(stage.snapshot(19_999) == .wantsNewer)
    #expect(stage.snapshot(20_000) == .synchronised)
    #expect(stage.bids == ["100.0x1", "90.1x1"])
  }

  @Test("more levels than may wait are forgotten and counted")
  func pendingLevels() {
    var stage = BookStage()
    let many = (0..<Int64(100_000)).map { (500 + $0 % 400, Int64(1)) }
    for id in 0..<Int64(10) { stage.change(id, id + 1, bids: many) }
    #expect(stage.book.statistics.pendingOverflows == 0)
    stage.change(10, 11, bids: [(901, 1)])
    #expect(stage.book.statistics.pendingOverflows == 1)
    #expect(stage.snapshot(10) == .synchronised)
    #expect(stage.bids == ["100.0x1", "90.1x1"])
  }

  @Test("a book whose bid is not below its ask is never shown as good")
  func crossed() {
    var stage = BookStage()
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
    var stage = BookStage()
    stage.change(10, 11, bids: [(1050, 1)])
    stage.change(11, 12, bids: [(1050, 0)])
    #expect(stage.snapshot(10) == .wantsNewer)
    #expect(stage.book.lossReason == .crossed)
    #expect(!stage.book.hasPending)
  }

  @Test("a price that does not fit beside the others loses the book")
  func unrepresentable() {
    var stage = BookStage()
    #expect(stage.snapshot(10, bids: [(1000, 1)], asks: [(Int64.max, 1)]) == .synchronised)
    var buffer = LevelBuffer()
    buffer.append(
      BookLevel(price: FixedDecimal(mantissa: 11, scale: 18), quantity: FixedDecimal(mantissa: 1, scale: 0)))
    let header = DepthHeader(
      firstUpdateID: 11, lastUpdateID: 11, previousUpdateID: 10, eventTimeMS: nil, bids: 0..<0, asks: 0..<1)
    #expect(stage.book.receive(header, levels: buffer, receivedNS: 5) == .lost(.unrepresentable))
    #expect(!stage.book.isSynchronised)
  }

  @Test("a broken connection loses the book, and the new stream begins anew")
  func reconnect() {
    var stage = BookStage()
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
    var stage = BookStage()
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
    var stage = BookStage()
    stage.change(0, 900_000_000_000_000_000)
    for id in 0..<Int64(256) { #expect(stage.change(id, id + 1) == .nothingToDo) }
    #expect(stage.change(256, 257) == .wantsSnapshot)
    #expect(stage.change(257, 258, bids: [(1003, 4)]) == .wantsSnapshot)
    #expect(stage.snapshot(257) == .synchronised)
    #expect(stage.bids == ["100.3x4", "100.0x1"])
  }

  @Test("repeated changes among good ones never add up to a loss")
  func scatteredDuplicates() {
    var stage = BookStage()
    stage.snapshot(0)
    for id in 0..<Int64(1_000) {
      #expect(stage.change(id, id + 1) == .applied)
      #expect(stage.change(id, id + 1) == .nothingToDo)
    }
    #expect(stage.book.statistics.duplicates == 1_000)
  }

  @Test("the bound on levels holds in a managed book")
  func bound() {
    var stage = BookStage(maximumLevels: 3)
    stage.snapshot(1, bids: (900..<910).map { (Int64($0), 1) })
    #expect(stage.bids == ["90.9x1", "90.8x1", "90.7x1"])
    #expect(stage.book.book.droppedLevels == 7)
  }
}

@Suite("A book found wrong on a living stream")
struct LostBookTests {
  /// A book at id 20 that the exchange's own best prices contradict.
  private func contradicted() -> BookStage {
    var stage = BookStage()
    stage.snapshot(10)
    stage.change(10, 20)
    #expect(!stage.quote(20, bid: (999, 1)))
    return stage
  }

  @Test("a snapshot older than what the book had seen is refused, although no change waits to disprove it")
  func olderSnapshot() {
    var stage = contradicted()
    #expect(!stage.book.hasPending)
    #expect(stage.snapshot(19) == .wantsNewer)
    #expect(!stage.book.isSynchronised)
    #expect(stage.book.statistics.snapshotsTooOld == 1)
    // One at that id must also agree with what the exchange said of it.
    #expect(stage.snapshot(20) == .wantsNewer)
    #expect(stage.snapshot(20, bids: [(999, 1)]) == .synchronised)
  }

  @Test("the same snapshot is refused as often as it comes")
  func againAndAgain() {
    var stage = contradicted()
    for _ in 0..<3 { #expect(stage.snapshot(15) == .wantsNewer) }
  }

  @Test("after the stream broke off, its successor may count anew")
  func newStream() {
    var stage = contradicted()
    stage.book.lose(.disconnected)
    #expect(stage.snapshot(3) == .synchronised)
  }
}
