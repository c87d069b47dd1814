import MarketData

/// Changes of a book kept, in order, for the snapshot that is under way; bounded.
struct PendingDeltas: ~Copyable {
  /// Changes kept at most: at ten a second, half an hour.
  static let maximumDeltas = 20_000
  /// Price levels kept at most: 24 MB.
  static let maximumLevels = 1_000_000

  private(set) var headers: [DepthHeader] = []
  /// What the exchange said its best prices were after each change, where it said so.
  private(set) var expectations: [CheckpointAuditor.Top?] = []
  private var levels = LevelBuffer(capacity: 16)

  /// Keeps a change.
  ///
  /// - Returns: false when a bound was reached: what was kept is forgotten, because a snapshot newer than this change is
  ///   needed in any case.
  mutating func append(
    _ delta: DepthHeader, from source: borrowing LevelBuffer, expecting top: CheckpointAuditor.Top?
  ) -> Bool {
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
    expectations.append(top)
    return fits
  }

  /// Keeps a quote of the exchange with the change it belongs to. The book cannot be compared before its snapshot is
  /// there, and a busy stream brings more quotes until then than the auditor remembers.
  mutating func expect(_ top: CheckpointAuditor.Top) {
    for index in headers.indices.suffix(CheckpointAuditor.history).reversed() {
      if headers[index].lastUpdateID == top.updateID { expectations[index] = top }
      if headers[index].lastUpdateID <= top.updateID { return }
    }
  }

  mutating func removeAll() {
    headers.removeAll(keepingCapacity: true)
    expectations.removeAll(keepingCapacity: true)
    levels.removeAll()
  }

  /// Forgets the oldest `count` changes.
  mutating func removeFirst(_ count: Int) {
    let count = min(max(0, count), headers.count)
    headers.removeFirst(count)
    expectations.removeFirst(count)
  }

  func bids(_ index: Int) -> UnsafeBufferPointer<BookLevel> { levels[headers[index].bids] }
  func asks(_ index: Int) -> UnsafeBufferPointer<BookLevel> { levels[headers[index].asks] }
}
