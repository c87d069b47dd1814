/// Gathers the level changes of one depth stream between two of its messages.
package struct DepthWindow: Sendable {
  /// Milliseconds between messages; 0 sends after every batch of orders.
  package let speed: Int
  private var previousLastID: Int
  private var firstID: Int?
  private var lastID: Int
  private var bids: [Int: Int] = [:]
  private var asks: [Int: Int] = [:]

  /// A window that begins after the update `lastUpdateID`.
  package init(speed: Int, after lastUpdateID: Int) {
    self.speed = speed
    previousLastID = lastUpdateID
    lastID = lastUpdateID
  }

  package mutating func add(_ change: LevelChange) {
    if firstID == nil { firstID = change.updateID }
    lastID = change.updateID
    if change.side == .bid { bids[change.price] = change.quantity } else { asks[change.price] = change.quantity }
  }

  /// What happened since the last call; nil when nothing did.
  package mutating func take() -> DepthDiff? {
    guard let first = firstID else { return nil }
    let diff = DepthDiff(
      firstUpdateID: first, lastUpdateID: lastID, previousLastUpdateID: previousLastID,
      bids: bids.map { PriceLevel(price: $0.key, quantity: $0.value) }.sorted { $0.price > $1.price },
      asks: asks.map { PriceLevel(price: $0.key, quantity: $0.value) }.sorted { $0.price < $1.price })
    previousLastID = lastID
    firstID = nil
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
    return diff
  }
}

/// The content of one `depthUpdate` message.
package struct DepthDiff: Sendable, Equatable {
  package let firstUpdateID: Int
  package let lastUpdateID: Int
  package let previousLastUpdateID: Int
  package let bids: [PriceLevel]
  package let asks: [PriceLevel]
}
