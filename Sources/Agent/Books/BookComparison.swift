import MarketData

/// Compares a live book with a snapshot of the exchange that was taken at about the same time.
///
/// The stream reaches the snapshot's id between two states of the book. A level that both states agree on must stand in the
/// snapshot as it does there; one that changed between them proves nothing and is counted apart. Prices beyond what any of
/// the three covers are left out.
package struct BookComparison: Sendable {
  /// A level on which book and snapshot disagree; a quantity of nil means that there is no such level.
  package struct Difference: Sendable, Equatable {
    package var side: String
    package var price: FixedDecimal
    package var book: FixedDecimal?
    package var exchange: FixedDecimal?
  }

  /// How far a book or a snapshot is known: worse prices than these may or may not exist. Nil where all is known.
  package struct Edges: Sendable, Equatable {
    package var bid: FixedDecimal?
    package var ask: FixedDecimal?

    package init(bid: FixedDecimal? = nil, ask: FixedDecimal? = nil) {
      self.bid = bid
      self.ask = ask
    }
  }

  /// Levels on which they agree.
  package private(set) var agreeing = 0
  /// Levels that changed while the snapshot was taken.
  package private(set) var changing = 0
  /// Levels on which they disagree, best prices first.
  package private(set) var differing: [Difference] = []

  /// Compares.
  ///
  /// - Parameters:
  ///   - before: the book's last state at or before the snapshot's id.
  ///   - after: the book's first state at or behind it; the same one when the id was hit.
  ///   - edges: how far each of the three is known.
  package init(before: BookView, after: BookView, snapshot: BookView, edges: [Edges]) {
    let lowest = edges.compactMap(\.bid).max()
    let highest = edges.compactMap(\.ask).min()
    compare("bid", before.bids, after.bids, snapshot.bids) { price in lowest.map { price >= $0 } ?? true }
    compare("ask", before.asks, after.asks, snapshot.asks) { price in highest.map { price <= $0 } ?? true }
  }

  /// Whether something could be compared and all of it agrees.
  package var holds: Bool { differing.isEmpty && agreeing > 0 }

  private mutating func compare(
    _ side: String, _ before: [BookLevel], _ after: [BookLevel], _ snapshot: [BookLevel],
    isKnown: (FixedDecimal) -> Bool
  ) {
    let (before, after, exchange) = (Self.byPrice(before), Self.byPrice(after), Self.byPrice(snapshot))
    let levels = exchange.merging(before) { $1 }.merging(after) { $1 }.filter { isKnown($0.value.price) }
    let ordered = levels.sorted { side == "bid" ? $0.value.price > $1.value.price : $0.value.price < $1.value.price }
    for (key, level) in ordered {
      let (book, theirs) = (before[key]?.quantity, exchange[key]?.quantity)
      if book != after[key]?.quantity {
        changing += 1
      } else if book == theirs {
        agreeing += 1
      } else {
        differing.append(Difference(side: side, price: level.price, book: book, exchange: theirs))
      }
    }
  }

  /// A price by its value, however many zeros it was written with.
  private struct PriceKey: Hashable {
    private var mantissa: Int64
    private var scale: UInt8

    init(_ price: FixedDecimal) {
      mantissa = price.mantissa
      scale = price.scale
      while scale > 0, mantissa % 10 == 0 {
        mantissa /= 10
        scale -= 1
      }
    }
  }

  private static func byPrice(_ levels: [BookLevel]) -> [PriceKey: BookLevel] {
    Dictionary(levels.map { (PriceKey($0.price), $0) }, uniquingKeysWith: { _, last in last })
  }
}
