/// The order flow of one symbol and the true book it leaves behind.
///
/// Limit orders, cancels, size changes and market orders arrive at random around a fair price that walks; market
/// orders eat through levels. The book never crosses and never runs empty. Deterministic for a seed.
package struct OrderFlow: Sendable {
  /// Levels a side is kept between.
  package static let levelRange = 300...1200

  package let instrument: SimulatedInstrument
  package private(set) var book: SimulatedBook
  /// The book as it stood before the first event anybody could have seen, for stale snapshots.
  package private(set) var genesis: SimulatedBook
  package private(set) var nextTradeID: Int
  private var nextAggregateID: Int
  private var fairPrice: Int
  private var quoted: BestQuote?
  private var random: SeededGenerator

  package init(instrument: SimulatedInstrument, seed: UInt64) {
    self.instrument = instrument
    random = SeededGenerator(seed: seed)
    book = SimulatedBook(lastUpdateID: instrument.firstUpdateID)
    genesis = book
    nextTradeID = instrument.firstTradeID
    nextAggregateID = instrument.firstTradeID / 2
    fairPrice = instrument.startPrice
    for side in [Side.bid, .ask] {
      var price = fairPrice
      for _ in 0..<700 {
        price = side == .bid ? price - step() : price + step()
        book[side].set(price: price, quantity: lots())
      }
    }
    genesis = book
    var unseen: [FlowEvent] = []
    for _ in 0..<200 { placeOrder(into: &unseen) }
  }

  /// Lets one order happen and appends what it did.
  package mutating func placeOrder(into events: inout [FlowEvent]) {
    if random.below(16) == 0 { fairPrice = max(fairPrice + walk(), instrument.startPrice / 2) }
    switch random.below(100) {
    case 0..<8: marketOrder(into: &events)
    case 8..<52: limitOrder(into: &events)
    default: cancelOrResize(into: &events)
    }
    quote(into: &events)
  }

  /// Changes the size at the best bid, so that the update just made is one whose `bookTicker` exists.
  package mutating func touchBest(into events: inout [FlowEvent]) {
    guard let best = book.bids.best else { return }
    let quantity = best.quantity > 1 && random.below(2) == 0 ? best.quantity - 1 : best.quantity + 1
    apply(.bid, price: best.price, quantity: quantity, into: &events)
    quote(into: &events)
  }

  private mutating func limitOrder(into events: inout [FlowEvent]) {
    guard let bid = book.bids.best, let ask = book.asks.best else { return }
    let side: Side = pressure() > random.below(100) ? .bid : .ask
    let distance = (1 + random.skewed(bits: 9)) * instrument.tick
    let price = side == .bid ? ask.price - distance : bid.price + distance
    guard price > 0 else { return }
    let standing = book[side].quantity(at: price)
    if standing == 0, book[side].count >= Self.levelRange.upperBound, let worst = book[side].levels.first {
      apply(side, price: worst.price, quantity: 0, into: &events)
    }
    apply(side, price: price, quantity: standing + lots(), into: &events)
  }

  private mutating func cancelOrResize(into events: inout [FlowEvent]) {
    let side: Side = random.below(2) == 0 ? .bid : .ask
    let levels = book[side].levels
    guard levels.count > Self.levelRange.lowerBound else { return limitOrder(into: &events) }
    let level = levels[levels.count - 1 - min(random.skewed(bits: 10), levels.count - 1)]
    let rest = random.below(5) < 3 ? 0 : random.below(level.quantity)
    apply(side, price: level.price, quantity: rest, into: &events)
  }

  private mutating func marketOrder(into events: inout [FlowEvent]) {
    let taken: Side = pressure() > random.below(100) ? .ask : .bid
    var open = random.below(10) == 0 ? sweepQuantity(of: taken) : lots()
    while open > 0, let best = book[taken].best, book[taken].count > Self.levelRange.lowerBound {
      let filled = min(open, best.quantity)
      open -= filled
      trade(at: best.price, quantity: filled, buyerIsMaker: taken == .bid, into: &events)
      apply(taken, price: best.price, quantity: best.quantity - filled, into: &events)
    }
  }

  private mutating func trade(at price: Int, quantity: Int, buyerIsMaker: Bool, into events: inout [FlowEvent]) {
    let first = nextTradeID
    let resting = quantity > 1 && random.below(3) == 0 ? [1 + random.below(quantity - 1)] : []
    for part in resting + [quantity - resting.reduce(0, +)] {
      events.append(
        .trade(SimulatedTrade(id: nextTradeID, price: price, quantity: part, buyerIsMaker: buyerIsMaker)))
      nextTradeID += 1
    }
    events.append(
      .aggregate(
        AggregateTrade(
          id: nextAggregateID, firstTradeID: first, lastTradeID: nextTradeID - 1, price: price, quantity: quantity,
          buyerIsMaker: buyerIsMaker)))
    nextAggregateID += 1
  }

  private mutating func apply(_ side: Side, price: Int, quantity: Int, into events: inout [FlowEvent]) {
    // USD-M shares one id counter over all symbols, so a symbol's ids have holes; spot counts each symbol alone.
    book.lastUpdateID += instrument.market == .spot ? 1 : 1 + random.below(40)
    book[side].set(price: price, quantity: quantity)
    events.append(
      .level(LevelChange(updateID: book.lastUpdateID, side: side, price: price, quantity: quantity)))
  }

  private mutating func quote(into events: inout [FlowEvent]) {
    guard let bid = book.bids.best, let ask = book.asks.best else { return }
    if let quoted, quoted.bid == bid, quoted.ask == ask { return }
    let quote = BestQuote(updateID: book.lastUpdateID, bid: bid, ask: ask)
    quoted = quote
    events.append(.best(quote))
  }

  /// Percent of orders that buy: more when the fair price stands above the book.
  private func pressure() -> Int {
    guard let bid = book.bids.best else { return 50 }
    return fairPrice > bid.price ? 62 : 38
  }

  private mutating func sweepQuantity(of side: Side) -> Int {
    book[side].levels.suffix(2 + random.below(4)).reduce(1) { $0 + $1.quantity }
  }

  private mutating func walk() -> Int { (random.below(2) == 0 ? -1 : 1) * random.skewed(bits: 6) * instrument.tick }
  private mutating func step() -> Int { (1 + random.skewed(bits: 3)) * instrument.tick }
  private mutating func lots() -> Int { 1 + random.skewed(bits: instrument.lotBits) }
}
