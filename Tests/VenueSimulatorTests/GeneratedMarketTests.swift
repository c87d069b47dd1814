import Testing
import VenueSimulator

@Suite("The generated market")
struct GeneratedMarketTests {
  static let streams = ["depth@100ms", "bookTicker", "trade", "aggTrade"]

  /// Runs a market of which everything is subscribed.
  static func run(
    _ market: SimulatedMarket, ticks: Int, orders: Int, seed: UInt64 = 7
  ) throws -> (before: [String: [UInt8]], frames: [MarketFrame], after: GeneratedMarket) {
    var generated = GeneratedMarket(seed: seed)
    var names: Set<StreamName> = []
    let symbols = SimulatedInstrument.all.filter { $0.market == market }
    for symbol in symbols {
      for stream in streams {
        names.insert(try #require(StreamName("\(symbol.streamSymbol)@\(stream)", market: market)))
      }
    }
    generated.setInterest(names, market: market)
    var before: [String: [UInt8]] = [:]
    for symbol in symbols {
      before[symbol.symbol] = generated.snapshot(
        market: market, symbol: symbol.symbol, limit: 5000, stale: false, time: 1)
    }
    var frames: [MarketFrame] = []
    for tick in 0..<ticks { generated.tick(orders: orders, time: 1_700_000_000_000 + tick * 10, into: &frames) }
    return (before, frames, generated)
  }

  @Test(
    "the diffs applied to a snapshot give the true book, with no gap in the chain", arguments: SimulatedMarket.allCases)
  func diffsGiveTheTrueBook(market: SimulatedMarket) throws {
    let (before, frames, after) = try Self.run(market, ticks: 500, orders: 20)
    for (symbol, body) in before {
      var book = ReaderBook(try decode(SnapshotMessage.self, body))
      var previous: DepthMessage?
      for frame in frames where frame.stream == "\(symbol.lowercased())@depth@100ms" {
        let message = try decode(DepthMessage.self, frame.payload)
        #expect(message.U <= message.u)
        if let previous {
          #expect(market == .spot ? message.U == previous.u + 1 : message.pu == previous.u)
        }
        #expect((message.pu == nil) == (market == .spot))
        book.apply(message)
        previous = message
      }
      let flow = try #require(after.flow(market: market, symbol: symbol))
      #expect(book.gaps == 0)
      #expect(book.lastUpdateID == flow.book.lastUpdateID)
      let format = flow.instrument.format
      for side in [Side.bid, .ask] {
        let truth = flow.book[side].levels.reversed().map {
          TrueBook.Level(price: format.price($0.price), quantity: format.quantity($0.quantity))
        }
        #expect(book.side(side) == truth)
      }
    }
  }

  @Test(
    "a bookTicker at a depth message's last id shows the book's best, at least once a second a symbol",
    arguments: SimulatedMarket.allCases)
  func checkpointsHold(market: SimulatedMarket) throws {
    let seconds = 5
    let (before, frames, _) = try Self.run(market, ticks: seconds * 100, orders: 3)
    for (symbol, body) in before {
      var book = ReaderBook(try decode(SnapshotMessage.self, body))
      var tickers: [Int: TickerMessage] = [:]
      for frame in frames where frame.stream == "\(symbol.lowercased())@bookTicker" {
        let ticker = try decode(TickerMessage.self, frame.payload)
        tickers[ticker.u] = ticker
      }
      var matched = 0
      for frame in frames where frame.stream == "\(symbol.lowercased())@depth@100ms" {
        book.apply(try decode(DepthMessage.self, frame.payload))
        guard let ticker = tickers[book.lastUpdateID] else { continue }
        #expect(book.matches(ticker))
        matched += 1
      }
      #expect(matched >= seconds, "\(symbol): \(matched) checkpoints")
    }
  }

  @Test("trade ids are contiguous and aggregates cover them", arguments: SimulatedMarket.allCases)
  func tradesAreContiguous(market: SimulatedMarket) throws {
    struct Aggregate: Decodable {
      let a: Int
      let f: Int
      let l: Int
    }
    let (before, frames, _) = try Self.run(market, ticks: 300, orders: 20)
    for symbol in before.keys {
      let trades = try frames.filter { $0.stream == "\(symbol.lowercased())@trade" }
        .map { try decode(TradeMessage.self, $0.payload).t }
      #expect(trades.count > 50)
      #expect(zip(trades, trades.dropFirst()).allSatisfy { $0 + 1 == $1 })
      let aggregates = try frames.filter { $0.stream == "\(symbol.lowercased())@aggTrade" }
        .map { try decode(Aggregate.self, $0.payload) }
      #expect(zip(aggregates, aggregates.dropFirst()).allSatisfy { $0.l + 1 == $1.f && $0.a + 1 == $1.a })
      #expect(aggregates.first?.f == trades.first && aggregates.last?.l == trades.last)
    }
  }

  @Test("the book never crosses or runs empty, and its best price walks")
  func bookStaysSound() throws {
    let instrument = try #require(SimulatedInstrument.all.first)
    var flow = OrderFlow(instrument: instrument, seed: 3)
    var events: [FlowEvent] = []
    var prices: Set<Int> = []
    for _ in 0..<100_000 {
      events.removeAll(keepingCapacity: true)
      flow.placeOrder(into: &events)
      let bid = try #require(flow.book.bids.best)
      let ask = try #require(flow.book.asks.best)
      guard bid.price < ask.price, bid.quantity > 0, ask.quantity > 0 else {
        Issue.record("crossed: \(bid) \(ask)")
        return
      }
      prices.insert(bid.price)
    }
    #expect(prices.count > 100)
    #expect(flow.book.bids.count <= OrderFlow.levelRange.upperBound)
  }

  @Test("the same seed gives the same frames, another seed others")
  func seedDecides() throws {
    let first = try Self.run(.spot, ticks: 50, orders: 5).frames.map(\.payload)
    #expect(try Self.run(.spot, ticks: 50, orders: 5).frames.map(\.payload) == first)
    #expect(try Self.run(.spot, ticks: 50, orders: 5, seed: 8).frames.map(\.payload) != first)
  }

  @Test("frames have the recorded shape, key for key")
  func framesHaveTheRecordedShape() throws {
    func keys(_ bytes: [UInt8]) -> String {
      String(decoding: bytes, as: UTF8.self).split(separator: "\"")
        .filter { $0.allSatisfy(\.isLetter) && $0.count <= 2 }.joined(separator: " ")
    }
    func first(_ market: SimulatedMarket, _ stream: String) throws -> [UInt8] {
      try #require(Self.run(market, ticks: 100, orders: 5).frames.first { $0.stream == "btcusdt@\(stream)" }).payload
    }
    #expect(keys(try first(.spot, "bookTicker")) == "u s b B a A")
    #expect(keys(try first(.usdm, "bookTicker")) == "e u s b B a A T E")
    #expect(keys(try first(.spot, "trade")) == "e E s t p q T m M")
    #expect(keys(try first(.usdm, "trade")) == "e E T s t p q X m")
    #expect(keys(try first(.spot, "depth@100ms")) == "e E s U u b a")
    #expect(keys(try first(.usdm, "depth@100ms")) == "e E T s U u pu b a")
    #expect(keys(try first(.spot, "aggTrade")) == "e E s a p q f l T m M")
    #expect(keys(try first(.usdm, "aggTrade")) == "e E a s p q f l T m")
  }

  @Test("decimals are padded as the exchange pads them")
  func decimals() {
    let spot = DecimalFormat(priceScale: 2, priceDigits: 8, quantityScale: 5, quantityDigits: 8)
    #expect(spot.price(6_183_763) == "61837.63000000")
    #expect(spot.quantity(9) == "0.00009000")
    #expect(spot.quantity(0) == "0.00000000")
    let usdm = DecimalFormat(priceScale: 2, priceDigits: 2, quantityScale: 3, quantityDigits: 3)
    #expect(usdm.price(6_180_020) == "61800.20")
    #expect(usdm.quantity(12) == "0.012")
    let whole = DecimalFormat(priceScale: 0, priceDigits: 0, quantityScale: 0, quantityDigits: 0)
    #expect(whole.quantity(0) == "0")
    #expect(whole.quantity(813) == "813")
  }
}
