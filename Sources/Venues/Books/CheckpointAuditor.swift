import MarketData

/// Compares the book with what the exchange itself says its best bid and ask were at the same update id.
///
/// A quote and the change with the same id travel on different streams, so either may come first: a short history of
/// both is kept, in memory that is allocated once.
struct CheckpointAuditor {
  /// Best bid and ask at one state of the book.
  struct Top {
    var updateID: Int64 = -1
    var bid: BookLevel?
    var ask: BookLevel?
  }

  /// Quotes and book states remembered.
  static let history = 128

  private var quotes = [Top](repeating: Top(), count: CheckpointAuditor.history)
  private var states = [Top](repeating: Top(), count: CheckpointAuditor.history)
  private var nextQuote = 0
  private var nextState = 0
  private(set) var matched = 0
  private(set) var mismatched = 0

  /// Takes a quote of the exchange.
  ///
  /// - Returns: false when it contradicts the book.
  mutating func receive(_ quote: BestQuote) -> Bool {
    let top = Top(quote)
    quotes[nextQuote] = top
    nextQuote = (nextQuote + 1) % Self.history
    return compare(top, with: states, newest: nextState)
  }

  /// Takes the state of the book after a change was applied.
  ///
  /// - Returns: false when it contradicts a quote of the exchange.
  mutating func receive(bid: BookLevel?, ask: BookLevel?, updateID: Int64) -> Bool {
    let top = Top(updateID: updateID, bid: bid, ask: ask)
    states[nextState] = top
    nextState = (nextState + 1) % Self.history
    return compare(top, with: quotes, newest: nextQuote)
  }

  /// Takes the state of the book after a change was applied that had waited for a snapshot, with what the exchange said
  /// of that state meanwhile.
  ///
  /// - Returns: false when the two contradict each other.
  mutating func receive(bid: BookLevel?, ask: BookLevel?, updateID: Int64, expected: Top?) -> Bool {
    states[nextState] = Top(updateID: updateID, bid: bid, ask: ask)
    nextState = (nextState + 1) % Self.history
    guard let expected else { return true }
    let holds = expected.bid == bid && expected.ask == ask
    if holds { matched += 1 } else { mismatched += 1 }
    return holds
  }

  /// The remembered quote of the state `updateID`.
  func quote(at updateID: Int64) -> Top? {
    var index = nextQuote
    for _ in 0..<Self.history {
      index = index == 0 ? Self.history - 1 : index - 1
      if quotes[index].updateID == updateID { return quotes[index] }
      if quotes[index].updateID < updateID { return nil }
    }
    return nil
  }

  /// Forgets the book's states: they belong to a book that was lost.
  mutating func forgetStates() {
    for index in states.indices { states[index].updateID = -1 }
  }

  private mutating func compare(_ top: Top, with others: [Top], newest: Int) -> Bool {
    var index = newest
    for _ in 0..<Self.history {
      index = index == 0 ? Self.history - 1 : index - 1
      // Both histories grow with time, so nothing older can match either.
      if others[index].updateID < top.updateID { return true }
      guard others[index].updateID == top.updateID else { continue }
      if others[index].bid == top.bid && others[index].ask == top.ask {
        matched += 1
        return true
      }
      mismatched += 1
      return false
    }
    return true
  }
}

extension CheckpointAuditor.Top {
  init(_ quote: BestQuote) {
    updateID = quote.updateID
    // The exchange writes an empty side as zero; the book has no level there.
    bid = quote.bidQuantity.isZero ? nil : BookLevel(price: quote.bidPrice, quantity: quote.bidQuantity)
    ask = quote.askQuantity.isZero ? nil : BookLevel(price: quote.askPrice, quantity: quote.askQuantity)
  }
}
