import MarketData
import Venues

/// A book with the levels of the changes it gets, so that a test reads as a run of messages.
struct BookStage {
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
