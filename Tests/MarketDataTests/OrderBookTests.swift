import MarketData
import TestSupport
import Testing

@Suite("Order book")
struct OrderBookTests {
  private func level(_ price: String, _ quantity: String) throws -> BookLevel {
    BookLevel(price: try #require(FixedDecimal(price)), quantity: try #require(FixedDecimal(quantity)))
  }

  /// Applies levels written as pairs of texts.
  private func apply(
    _ book: OrderBook, bids: [(String, String)] = [], asks: [(String, String)] = [], id: Int64 = 1
  ) throws -> OrderBook.Outcome {
    Self.apply(
      book, bids: try bids.map { try level($0.0, $0.1) }, asks: try asks.map { try level($0.0, $0.1) }, id: id)
  }

  private static func apply(_ book: OrderBook, bids: [BookLevel], asks: [BookLevel], id: Int64) -> OrderBook.Outcome {
    bids.withUnsafeBufferPointer { bids in
      asks.withUnsafeBufferPointer { book.apply(bids: bids, asks: $0, updateID: id) }
    }
  }

  private static func texts(_ levels: [BookLevel]) -> [String] { levels.map { "\($0.price)x\($0.quantity)" } }

  @Test("after any run of changes the book is what a dictionary says it is", arguments: 1...8)
  func againstReference(seed: Int) {
    var random = Seeded(UInt64(seed))
    // Small bounds are exercised by some seeds, free growth beyond the first allocation by others.
    let bound = seed % 2 == 0 ? 60 : 50_000
    let spread = seed % 2 == 0 ? 100 : 3_000
    let finest = [0, 2, 5, 8][seed % 4]
    let book = OrderBook(maximumLevels: bound)
    var bids = ReferenceSide(isAsk: false)
    var asks = ReferenceSide(isAsk: true)
    var dropped = 0
    for round in 0..<1_500 {
      if random.below(500) == 0 {
        book.removeAll()
        bids = ReferenceSide(isAsk: false)
        asks = ReferenceSide(isAsk: true)
      }
      let newBids = (0..<random.below(12)).map { _ in Self.randomLevel(&random, spread, finest) }
      let newAsks = (0..<random.below(12)).map { _ in Self.randomLevel(&random, spread, finest) }
      #expect(Self.apply(book, bids: newBids, asks: newAsks, id: Int64(round)) == .applied)
      for level in newBids { bids.apply(level) }
      for level in newAsks { asks.apply(level) }
      dropped += bids.cut(to: bound) + asks.cut(to: bound)
      #expect(book.bidCount == bids.levels.count)
      #expect(book.askCount == asks.levels.count)
      #expect(book.lastUpdateID == Int64(round))
      #expect(book.droppedLevels == dropped)
      if round % 25 == 0 || bound < 100 {
        #expect(Self.texts(book.topBids(.max)) == bids.sorted, "seed \(seed), round \(round)")
        #expect(Self.texts(book.topAsks(.max)) == asks.sorted, "seed \(seed), round \(round)")
      }
    }
    #expect(bound > 100 || dropped > 0)
  }

  /// Often near the best price, with a random number of decimals, a third of them removals.
  private static func randomLevel(_ random: inout Seeded, _ spread: Int, _ finest: Int) -> BookLevel {
    let scale = UInt8(random.below(finest + 1))
    var mantissa = Int64(1 + random.below(random.below(3) == 0 ? spread : spread / 10))
    for _ in 0..<scale { mantissa = mantissa * 10 + Int64(random.below(3)) }
    let quantity = random.below(3) == 0 ? 0 : Int64(1 + random.below(1_000))
    return BookLevel(
      price: FixedDecimal(mantissa: mantissa, scale: scale),
      quantity: FixedDecimal(mantissa: quantity, scale: UInt8(random.below(4))))
  }

  @Test("an empty book has no best prices and is not crossed")
  func empty() throws {
    let book = OrderBook()
    #expect(book.bestBid == nil)
    #expect(book.bestAsk == nil)
    #expect(!book.isCrossed)
    #expect(book.topBids(10).isEmpty)
    #expect(book.topAsks(-1).isEmpty)
    #expect(book.bid(fromBest: -1) == nil)
    #expect(book.ask(fromBest: .max) == nil)
  }

  @Test("removing a level that is not there is nothing unusual")
  func removals() throws {
    let book = OrderBook()
    #expect(try apply(book, bids: [("1", "0")], asks: [("2", "0.000")]) == .applied)
    #expect(book.bidCount == 0)
    #expect(try apply(book, bids: [("1", "5"), ("1.0", "0"), ("1.0", "0")]) == .applied)
    #expect(book.bidCount == 0)
    #expect(try apply(book, bids: [("1", "5"), ("0.5", "0"), ("2", "0")]) == .applied)
    #expect(book.topBids(5).map(\.price.description) == ["1"])
  }

  @Test("a price is the same level however many decimals it is written with")
  func sameLevel() throws {
    let book = OrderBook()
    #expect(try apply(book, bids: [("10", "1"), ("10.0", "2"), ("10.00", "3")]) == .applied)
    #expect(book.bidCount == 1)
    #expect(book.bestBid?.price.description == "10.00")
    #expect(book.bestBid?.quantity.description == "3")
  }

  @Test("a price with more decimals than before moves the whole side and loses no digit")
  func scaleRaise() throws {
    let book = OrderBook()
    #expect(try apply(book, asks: [("10", "1"), ("11.5", "2"), ("10.00000001", "3"), ("12", "0")]) == .applied)
    #expect(Self.texts(book.topAsks(9)) == ["10x1", "10.00000001x3", "11.5x2"])
  }

  @Test("a price that cannot stand exactly beside the others is refused")
  func unrepresentable() throws {
    let book = OrderBook()
    #expect(try apply(book, bids: [("900000000000000000", "1")], id: 1) == .applied)
    #expect(try apply(book, bids: [("0.01", "1")], id: 2) == .unrepresentable)
    #expect(book.lastUpdateID == 1)
    #expect(Self.texts(book.topBids(2)) == ["900000000000000000x1"])
    let asks = OrderBook()
    #expect(try apply(asks, asks: [("0.000000000000000001", "1")]) == .applied)
    #expect(try apply(asks, asks: [("10", "1")]) == .unrepresentable)
    asks.removeAll()
    #expect(try apply(asks, asks: [("10", "1")]) == .applied)
  }

  @Test("beyond the bound the levels farthest from the best are dropped and counted")
  func bound() throws {
    let book = OrderBook(maximumLevels: 2)
    #expect(
      try apply(book, bids: [("1", "1"), ("3", "1"), ("2", "1")], asks: [("7", "1"), ("5", "1"), ("6", "1")])
        == .applied)
    #expect(Self.texts(book.topBids(9)) == ["3x1", "2x1"])
    #expect(Self.texts(book.topAsks(9)) == ["5x1", "6x1"])
    #expect(book.droppedLevels == 2)
    #expect(try apply(book, bids: [("4", "1")]) == .applied)
    #expect(Self.texts(book.topBids(9)) == ["4x1", "3x1"])
  }

  @Test("a book is crossed when its best bid is not below its best ask, across scales too")
  func crossed() throws {
    let book = OrderBook()
    #expect(try apply(book, bids: [("9.9", "1")], asks: [("10", "1")]) == .applied)
    #expect(!book.isCrossed)
    #expect(try apply(book, bids: [("10.000", "1")]) == .applied)
    #expect(book.isCrossed)
    #expect(try apply(book, bids: [("10", "0")]) == .applied)
    #expect(!book.isCrossed)
    #expect(try apply(book, asks: [("9.8", "1")]) == .applied)
    #expect(book.isCrossed)
  }

  @Test("zeros written behind price and quantity are given back as they were written")
  func writtenDigits() throws {
    let book = OrderBook()
    let quantity = "491529632100.00000000"
    #expect(
      try apply(book, bids: [("0.00001000", quantity), ("0.1", "2")], asks: [("3.10", "1.000000000000000000000")])
        == .applied)
    #expect(Self.texts(book.topBids(2)) == ["0.1x2", "0.00001000x\(quantity)"])
    #expect(Self.texts(book.topAsks(1)) == ["3.10x1.000000000000000000000"])
  }
}

@Suite("Level buffer")
struct LevelBufferTests {
  @Test("levels stay as they were when the buffer grows, and ranges beyond it are cut")
  func growth() {
    var buffer = LevelBuffer(capacity: 0)
    for number in 0..<1_000 {
      buffer.append(BookLevel(price: FixedDecimal(mantissa: Int64(number), scale: 1), quantity: .zero))
    }
    #expect(buffer.count == 1_000)
    #expect(buffer.levels.map(\.price.mantissa) == Array(0..<1_000))
    #expect(buffer[990..<2_000].count == 10)
    #expect(buffer[5_000..<6_000].isEmpty)
    #expect(buffer[3..<5].map(\.price.mantissa) == [3, 4])
    var copy = LevelBuffer(capacity: 16)
    copy.append(contentsOf: buffer.levels)
    copy.append(contentsOf: buffer[0..<1])
    #expect(copy.count == 1_001)
    copy.removeAll()
    #expect(copy.levels.isEmpty)
  }
}
