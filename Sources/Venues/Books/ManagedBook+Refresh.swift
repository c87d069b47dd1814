import MarketData

/// Widening a synchronised book by a newer snapshot, without taking it out of service.
///
/// 1. The best price comes near the edge of the last snapshot: a newer one is wanted, and changes are kept from here on
/// while they go on being applied. 2. The newer snapshot arrives. When the stream has not come to its id yet it is held
/// until it has. 3. Its levels are laid over the book and the changes after its id are applied again: what was known
/// stays, what was unknown is there. 4. Should the best price leave the old range before that, the book is lost.
extension ManagedBook {
  /// Prices up to which every level is known, worse ones only as far as the stream has touched them; nil for all.
  public var rangeEdges: (bid: FixedDecimal?, ask: FixedDecimal?) { range.edges }

  /// Looks after the range once a change was applied.
  @inline(__always)
  func watchRange(_ delta: DepthHeader, _ levels: borrowing LevelBuffer) -> ChangeOutcome {
    if isRefreshing { return advanceRefresh(delta, levels) }
    guard range.isNear(bid: book.bestBid, ask: book.bestAsk) else { return .applied }
    isRefreshing = true
    return .applied
  }

  private func advanceRefresh(_ delta: DepthHeader, _ levels: borrowing LevelBuffer) -> ChangeOutcome {
    keep(delta, levels)
    if let held = heldRefresh.header, held.lastUpdateID <= delta.lastUpdateID {
      let limit = heldRefresh.limit
      guard overlay(id: held.lastUpdateID, bids: heldRefresh.bids, asks: heldRefresh.asks, limit: limit) else {
        heldRefresh.removeAll()
        return .applied
      }
      return isSynchronised ? .refreshed : .lost(lossReason ?? .crossed)
    }
    guard range.isLeft(bid: book.bestBid, ask: book.bestAsk) else { return .applied }
    lose(.outOfRange)
    return .lost(.outOfRange)
  }

  /// Takes the newer snapshot.
  func receiveRefresh(
    _ snapshot: DepthHeader, _ levels: borrowing LevelBuffer, limit: Int?, receivedNS: Int64
  ) -> SnapshotOutcome {
    guard let position = synchroniser.position else { return .wantsNewer }
    if snapshot.lastUpdateID > position {
      heldRefresh.hold(snapshot, levels, limit: limit)
      return .held
    }
    let isLaid = overlay(
      id: snapshot.lastUpdateID, bids: levels[snapshot.bids], asks: levels[snapshot.asks], limit: limit)
    if !isLaid { counts.snapshotsTooOld += 1 }
    return isLaid && isSynchronised ? .synchronised : .wantsNewer
  }

  /// Lays a snapshot over the book and applies again the changes behind its id.
  ///
  /// - Returns: false when changes between the snapshot and the first one kept are not known, and nothing was done.
  private func overlay(
    id: Int64, bids: UnsafeBufferPointer<BookLevel>, asks: UnsafeBufferPointer<BookLevel>, limit: Int?
  ) -> Bool {
    let first = pending.headers.firstIndex { $0.lastUpdateID > id } ?? pending.headers.count
    // Whole only when the changes kept reach back to the snapshot's id.
    let reachesBack =
      first > 0
      || pending.headers.first.map { synchroniser.rule.bridges($0, from: id) } ?? (id == synchroniser.position)
    guard reachesBack else { return false }
    var outcome = book.apply(bids: bids, asks: asks, updateID: id)
    for index in first..<max(first, pending.headers.count) where outcome == .applied {
      outcome = book.apply(
        bids: pending.bids(index), asks: pending.asks(index), updateID: pending.headers[index].lastUpdateID)
    }
    guard outcome == .applied, !book.isCrossed else {
      lose(outcome == .applied ? .crossed : .unrepresentable)
      return true
    }
    range = SnapshotRange(bids: bids, asks: asks, limit: limit)
    counts.refreshes += 1
    pending.removeAll()
    heldRefresh.removeAll()
    isRefreshing = false
    return true
  }

  /// The book is lost, and with it everything about its range.
  func forgetRange() {
    range = SnapshotRange()
    heldRefresh.removeAll()
    isRefreshing = false
  }
}
