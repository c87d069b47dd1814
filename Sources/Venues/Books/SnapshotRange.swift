import MarketData

/// How far a snapshot reached, where it was cut off. Levels beyond it are unknown until the stream touches them, so a
/// book whose best price walks there would be wrong without any gap in its sequence.
struct SnapshotRange: Sendable {
  /// The price of the last level of a side, and of the one after seven eighths of its levels.
  struct Side: Sendable {
    var edge: FixedDecimal
    var warning: FixedDecimal

    /// Nil when the side was not cut off, or what was asked for is not known.
    init?(_ levels: UnsafeBufferPointer<BookLevel>, limit: Int?) {
      guard let limit, limit > 0, levels.count >= limit, let last = levels.last else { return nil }
      edge = last.price
      warning = levels[levels.count * 7 / 8].price
    }
  }

  private var bids: Side?
  private var asks: Side?

  /// A range without an edge.
  init() {}

  /// The range of a snapshot whose levels come best first.
  init(bids: UnsafeBufferPointer<BookLevel>, asks: UnsafeBufferPointer<BookLevel>, limit: Int?) {
    self.bids = Side(bids, limit: limit)
    self.asks = Side(asks, limit: limit)
  }

  /// The prices of the last levels on each side; nil where the side was not cut off.
  var edges: (bid: FixedDecimal?, ask: FixedDecimal?) { (bids?.edge, asks?.edge) }

  /// Whether a best price has come so near to an edge that a newer snapshot should be fetched.
  @inline(__always)
  func isNear(bid: BookLevel?, ask: BookLevel?) -> Bool {
    reaches(bid, bids?.warning, ask, asks?.warning)
  }

  /// Whether a best price is at an edge or beyond it.
  @inline(__always)
  func isLeft(bid: BookLevel?, ask: BookLevel?) -> Bool {
    reaches(bid, bids?.edge, ask, asks?.edge)
  }

  @inline(__always)
  private func reaches(
    _ bid: BookLevel?, _ lowest: FixedDecimal?, _ ask: BookLevel?, _ highest: FixedDecimal?
  ) -> Bool {
    if let lowest, bid.map({ $0.price <= lowest }) ?? true { return true }
    if let highest, ask.map({ $0.price >= highest }) ?? true { return true }
    return false
  }
}

/// A snapshot that is ahead of the stream, kept until the stream has come to it.
struct HeldSnapshot: ~Copyable {
  private(set) var header: DepthHeader?
  private(set) var limit: Int?
  private var levels = LevelBuffer(capacity: 16)

  mutating func hold(_ snapshot: DepthHeader, _ source: borrowing LevelBuffer, limit: Int?) {
    removeAll()
    var header = snapshot
    let bids = source[snapshot.bids]
    let asks = source[snapshot.asks]
    levels.append(contentsOf: bids)
    levels.append(contentsOf: asks)
    header.bids = 0..<bids.count
    header.asks = bids.count..<levels.count
    self.header = header
    self.limit = limit
  }

  mutating func removeAll() {
    header = nil
    limit = nil
    levels.removeAll()
  }

  var bids: UnsafeBufferPointer<BookLevel> { levels[header?.bids ?? 0..<0] }
  var asks: UnsafeBufferPointer<BookLevel> { levels[header?.asks ?? 0..<0] }
}
