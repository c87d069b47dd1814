import MarketData
import Testing
import Venues

@Suite("Checkpoints of a managed book")
struct BookCheckpointTests {
  @Test("a quote at the id of a change is a checkpoint, whichever comes first")
  func checkpoints() {
    var stage = BookStage()
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
    var stage = BookStage()
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
    var stage = BookStage()
    stage.snapshot(10)
    stage.change(10, 11)
    stage.book.lose(.disconnected)
    #expect(stage.quote(11, bid: (1, 1)))
    #expect(stage.book.statistics.checkpointsMismatched == 0)
  }

  @Test("a quote may be a hundred messages away from its change")
  func distantCheckpoint() {
    var stage = BookStage()
    stage.snapshot(0)
    for id in 0..<Int64(101) { stage.change(id, id + 1) }
    #expect(stage.quote(1))
    #expect(stage.quote(2, bid: (1, 1)) == false)
    #expect(stage.book.statistics.checkpointsMatched == 1)
  }

  @Test("an empty side and a quote that writes it as zero agree")
  func emptySide() {
    var stage = BookStage()
    stage.snapshot(10)
    #expect(stage.quote(11, bid: (0, 0)))
    #expect(stage.change(10, 11, bids: [(1000, 0)]) == .applied)
    #expect(stage.book.statistics.checkpointsMatched == 1)
    #expect(!stage.quote(11, bid: (1000, 1)))
  }
}
