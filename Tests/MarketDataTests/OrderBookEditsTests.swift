import MarketData
import Testing

/// The book makes the insertions and removals of a message together; these tests hold it against a plain dictionary
/// that takes one level after another.
@Suite("An order book is what its levels make it, one after another")
struct OrderBookEditsTests {
  /// How the levels of a message are ordered; exchanges promise nothing.
  enum Order: CaseIterable { case rising, falling, random }

  @Test("whatever the order of a message's levels", arguments: Order.allCases)
  func matchesReference(order: Order) throws {
    var numbers = Numbers(state: 0x1234_5678_9ABC_DEF1)
    let book = OrderBook()
    var bids: [Int64: Int64] = [:]
    var asks: [Int64: Int64] = [:]
    for message in 1...3_000 {
      let newBids = numbers.levels(order)
      let newAsks = numbers.levels(order)
      for level in newBids { bids[level.cents] = level.quantity == 0 ? nil : level.quantity }
      for level in newAsks { asks[level.cents] = level.quantity == 0 ? nil : level.quantity }
      let outcome = newBids.map(\.bookLevel).withUnsafeBufferPointer { bids in
        newAsks.map(\.bookLevel).withUnsafeBufferPointer { asks in
          book.apply(bids: bids, asks: asks, updateID: Int64(message))
        }
      }
      try #require(outcome == .applied)
      try #require(book.bidCount == bids.count && book.askCount == asks.count)
      let found = book.topBids(.max) + book.topAsks(.max)
      let expected = bids.sorted { $0.key > $1.key } + asks.sorted { $0.key < $1.key }
      try #require(
        zip(found, expected).allSatisfy { level, pair in
          level.price == FixedDecimal(mantissa: pair.key, scale: 2)
            && level.quantity == FixedDecimal(mantissa: pair.value, scale: 3)
        }, "message \(message)")
    }
  }

  @Test("a snapshot of more levels than are collected at once comes out whole and sorted")
  func largeSnapshot() {
    let levels = (1...5_000).map {
      BookLevel(price: .init(mantissa: $0, scale: 1), quantity: .init(mantissa: 1, scale: 0))
    }
    let book = OrderBook()
    let outcome = levels.reversed().withUnsafeBufferPointer { bids in
      levels.withUnsafeBufferPointer { asks in book.apply(bids: bids, asks: asks, updateID: 1) }
    }
    #expect(outcome == .applied)
    #expect(book.topBids(.max) == levels.reversed())
    #expect(book.topAsks(.max) == levels)
  }

  private struct Level {
    var cents: Int64
    var quantity: Int64
    /// Whether a price of whole tenths is written with one decimal place instead of two.
    var isShort: Bool

    var bookLevel: BookLevel {
      let price =
        isShort ? FixedDecimal(mantissa: cents / 10, scale: 1) : FixedDecimal(mantissa: cents, scale: 2)
      return BookLevel(price: price, quantity: FixedDecimal(mantissa: quantity, scale: 3))
    }
  }

  private struct Numbers {
    var state: UInt64

    mutating func next(_ bound: Int64) -> Int64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int64(state >> 33) % bound
    }

    /// Now and then none or one level, several of one price, or more than are collected at once.
    mutating func levels(_ order: Order) -> [Level] {
      let count = next(100) == 0 ? 600 : next(40)
      let levels = (0..<count).map { _ in
        let cents = 1 + next(500)
        return Level(
          cents: cents, quantity: next(2) == 0 ? 0 : 1 + next(1000), isShort: cents % 10 == 0 && next(2) == 0)
      }
      switch order {
      case .rising: return levels.sorted { $0.cents < $1.cents }
      case .falling: return levels.sorted { $0.cents > $1.cents }
      case .random: return levels
      }
    }
  }
}
