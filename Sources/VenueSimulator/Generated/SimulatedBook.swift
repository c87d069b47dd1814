/// The sides of a book.
package enum Side: Sendable {
  case bid
  case ask

  package var opposite: Side { self == .bid ? .ask : .bid }
}

/// A price in ticks and the quantity in lots that stands there.
package struct PriceLevel: Sendable, Equatable {
  package var price: Int
  package var quantity: Int

  package init(price: Int, quantity: Int) {
    self.price = price
    self.quantity = quantity
  }
}

/// One side of a book, sorted so that the best price is last.
package struct BookSide: Sendable, Equatable {
  package let side: Side
  package private(set) var levels: [PriceLevel] = []

  package init(_ side: Side) { self.side = side }

  package var best: PriceLevel? { levels.last }
  package var count: Int { levels.count }

  package func quantity(at price: Int) -> Int {
    let index = position(of: price)
    return index < levels.count && levels[index].price == price ? levels[index].quantity : 0
  }

  /// Puts `quantity` at `price`; zero removes the level, and removing what is not there changes nothing.
  package mutating func set(price: Int, quantity: Int) {
    let index = position(of: price)
    let stands = index < levels.count && levels[index].price == price
    if quantity == 0 {
      if stands { levels.remove(at: index) }
    } else if stands {
      levels[index].quantity = quantity
    } else {
      levels.insert(PriceLevel(price: price, quantity: quantity), at: index)
    }
  }

  /// The first index whose level is not worse than `price`.
  private func position(of price: Int) -> Int {
    var low = 0
    var high = levels.count
    while low < high {
      let middle = (low + high) / 2
      let worse = side == .bid ? levels[middle].price < price : levels[middle].price > price
      if worse { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A full order book in whole ticks and lots.
package struct SimulatedBook: Sendable, Equatable {
  package var bids = BookSide(.bid)
  package var asks = BookSide(.ask)
  package var lastUpdateID: Int

  package init(lastUpdateID: Int) { self.lastUpdateID = lastUpdateID }

  package subscript(side: Side) -> BookSide {
    get { side == .bid ? bids : asks }
    _modify {
      if side == .bid { yield &bids } else { yield &asks }
    }
  }
}
