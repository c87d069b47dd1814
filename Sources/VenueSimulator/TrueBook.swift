/// A whole order book as the simulator holds it, best prices first, with the texts of the wire.
public struct TrueBook: Sendable, Equatable {
  /// A price and the quantity that stands at it, as the exchange prints them.
  public struct Level: Sendable, Equatable {
    /// The price text.
    public let price: String
    /// The quantity text.
    public let quantity: String

    /// A level.
    public init(price: String, quantity: String) {
      self.price = price
      self.quantity = quantity
    }
  }

  /// The update id after which the book looks like this.
  public let lastUpdateID: Int
  /// Bids, highest price first.
  public let bids: [Level]
  /// Asks, lowest price first.
  public let asks: [Level]

  init(_ book: SimulatedBook, format: DecimalFormat) {
    lastUpdateID = book.lastUpdateID
    func texts(_ side: BookSide) -> [Level] {
      side.levels.reversed().map {
        Level(price: format.price($0.price), quantity: format.quantity($0.quantity))
      }
    }
    bids = texts(book.bids)
    asks = texts(book.asks)
  }
}
