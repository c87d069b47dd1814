import MarketData

/// Changes of a book kept, in order, for the snapshot that is under way; bounded.
struct PendingDeltas: ~Copyable {
  /// Changes kept at most: at ten a second, ten minutes.
  static let maximumDeltas = 6_000
  /// Price levels kept at most: 12 MB.
  static let maximumLevels = 500_000

  private(set) var headers: [DepthHeader] = []
  private var levels = LevelBuffer(capacity: 16)

  /// Keeps a change.
  ///
  /// - Returns: false when a bound was reached: what was kept is forgotten, because a snapshot newer than this change is
  ///   needed in any case.
  mutating func append(_ delta: DepthHeader, from source: borrowing LevelBuffer) -> Bool {
    let fits =
      headers.count < Self.maximumDeltas
      && levels.count + delta.bids.count + delta.asks.count <= Self.maximumLevels
    if !fits { removeAll() }
    var kept = delta
    let bidStart = levels.count
    levels.append(contentsOf: source[delta.bids])
    let askStart = levels.count
    levels.append(contentsOf: source[delta.asks])
    kept.bids = bidStart..<askStart
    kept.asks = askStart..<levels.count
    headers.append(kept)
    return fits
  }

  mutating func removeAll() {
    headers.removeAll(keepingCapacity: true)
    levels.removeAll()
  }

  /// Forgets the changes before `index`.
  mutating func removeFirst(_ count: Int) {
    headers.removeFirst(min(max(0, count), headers.count))
  }

  func bids(_ index: Int) -> UnsafeBufferPointer<BookLevel> { levels[headers[index].bids] }
  func asks(_ index: Int) -> UnsafeBufferPointer<BookLevel> { levels[headers[index].asks] }
}
