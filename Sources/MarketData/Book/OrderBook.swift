/// The order book of one instrument: absolute quantities by price, exact, best prices at hand.
///
/// It knows nothing of sequence numbers' rules (that is the venue's synchroniser); it remembers only the last id it was
/// given. Not thread-safe: it lives on its session's event loop.
public final class OrderBook {
  /// What one application of levels did.
  public enum Outcome: Sendable, Equatable {
    /// All levels were applied.
    case applied
    /// A price could not be held exactly beside the others; the book is no longer right and must be built anew.
    case unrepresentable
  }

  private var bids = BookSide(isAsk: false)
  private var asks = BookSide(isAsk: true)
  private let maximumLevels: Int

  /// The exchange's id of the last change applied.
  public private(set) var lastUpdateID: Int64 = 0
  /// Levels dropped because a side had more than its bound.
  public private(set) var droppedLevels = 0

  /// Creates an empty book.
  ///
  /// - Parameter maximumLevels: the bound of a side; levels farthest from the best are dropped beyond it, and counted.
  public init(maximumLevels: Int = 50_000) {
    self.maximumLevels = max(1, maximumLevels)
  }

  /// Number of bid levels.
  public var bidCount: Int { bids.count }
  /// Number of ask levels.
  public var askCount: Int { asks.count }
  /// The highest bid.
  public var bestBid: BookLevel? { bids.level(fromBest: 0) }
  /// The lowest ask.
  public var bestAsk: BookLevel? { asks.level(fromBest: 0) }
  /// Whether the best bid is not below the best ask, which no exchange's book is between two messages.
  public var isCrossed: Bool {
    guard let bid = bestBid, let ask = bestAsk else { return false }
    return bid.price >= ask.price
  }

  /// The bid at `distance` from the best.
  public func bid(fromBest distance: Int) -> BookLevel? { bids.level(fromBest: distance) }
  /// The ask at `distance` from the best.
  public func ask(fromBest distance: Int) -> BookLevel? { asks.level(fromBest: distance) }

  /// The bids, highest first, at most `depth`.
  public func topBids(_ depth: Int) -> [BookLevel] {
    (0..<min(max(0, depth), bids.count)).compactMap { bids.level(fromBest: $0) }
  }

  /// The asks, lowest first, at most `depth`.
  public func topAsks(_ depth: Int) -> [BookLevel] {
    (0..<min(max(0, depth), asks.count)).compactMap { asks.level(fromBest: $0) }
  }

  /// Empties the book.
  public func removeAll() {
    bids.removeAll()
    asks.removeAll()
    lastUpdateID = 0
  }

  /// Sets the given levels: absolute quantities, zero removes, removing an absent level is nothing unusual.
  ///
  /// - Parameter updateID: the exchange's id of this change.
  public func apply(
    bids newBids: UnsafeBufferPointer<BookLevel>, asks newAsks: UnsafeBufferPointer<BookLevel>, updateID: Int64
  ) -> Outcome {
    guard bids.apply(newBids), asks.apply(newAsks) else { return .unrepresentable }
    if bids.count > maximumLevels || asks.count > maximumLevels { dropSurplus() }
    lastUpdateID = updateID
    return .applied
  }

  private func dropSurplus() {
    let surplusBids = max(0, bids.count - maximumLevels)
    let surplusAsks = max(0, asks.count - maximumLevels)
    bids.dropWorst(surplusBids)
    asks.dropWorst(surplusAsks)
    droppedLevels += surplusBids + surplusAsks
  }
}
