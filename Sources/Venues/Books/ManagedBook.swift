import MarketData

/// A book with what keeps it right: the synchroniser, the changes waiting for a snapshot, and the comparison with the
/// exchange's own best prices. Lives on its session's event loop.
public final class ManagedBook {
  /// What became of a change.
  public enum ChangeOutcome: Sendable, Equatable {
    /// It is in the book.
    case applied
    /// It is in the book, and with it the levels of a snapshot that had been waiting for it.
    case refreshed
    /// It was in the book already, or is kept for a snapshot; nothing to do.
    case nothingToDo
    /// It waits for a snapshot, and the book wants one.
    case wantsSnapshot
    /// The book was right until now and is no longer; it wants a snapshot.
    case lost(LossReason)
  }

  /// Why a book is not synchronised.
  public enum LossReason: String, Sendable {
    /// No snapshot was applied since the connection was opened.
    case waitingForSnapshot = "waiting for a snapshot"
    /// The stream broke off.
    case disconnected = "disconnected"
    /// A change was missing.
    case gap = "a change is missing before the last one received"
    /// The best bid was not below the best ask.
    case crossed = "the best bid was not below the best ask"
    /// The exchange's own best prices were others.
    case contradicted = "the exchange's best bid and ask were others"
    /// A price could not be held exactly beside the others.
    case unrepresentable = "a price does not fit beside the others"
    /// The best price left what the snapshot covered before a newer one came: levels there may be unknown.
    case outOfRange = "the best price left the range of the last snapshot"
    /// An operator threw it away.
    case discarded = "a resynchronisation was asked for"
  }

  /// Counters since the start.
  public struct Statistics: Sendable, Equatable {
    /// Changes applied.
    public var applied = 0
    /// Price levels applied, snapshots included.
    public var levels = 0
    /// Changes that were in the book already.
    public var duplicates = 0
    /// Times a change was missing.
    public var gaps = 0
    /// Times the book was synchronised again after it had been before.
    public var resynchronisations = 0
    /// Times the book was found crossed.
    public var crossed = 0
    /// Snapshots that were older than the changes kept.
    public var snapshotsTooOld = 0
    /// Times more changes were waiting than may be kept.
    public var pendingOverflows = 0
    /// Snapshots that widened a synchronised book, because its best price came near the edge of the last one.
    public var refreshes = 0
    /// Comparisons with the exchange's best prices that held.
    public var checkpointsMatched = 0
    /// Comparisons that did not hold.
    public var checkpointsMismatched = 0

    /// Everything at zero.
    package init() {}
  }

  /// The instrument.
  public let instrument: Instrument
  /// The levels; only to be shown as good while ``isSynchronised``.
  public let book: OrderBook
  /// Why the book is not synchronised; nil while it is.
  public private(set) var lossReason: LossReason? = .waitingForSnapshot
  /// The exchange's time of the last change applied.
  public private(set) var eventTimeMS: Int64?
  /// Receive time of the last change applied, in nanoseconds since 1970.
  public private(set) var receivedNS: Int64 = 0
  /// Receive time of the last change seen, applied or not.
  public private(set) var lastChangeSeenNS: Int64 = 0

  /// Whether a newer snapshot is to be fetched although the book is synchronised.
  public var wantsNewerSnapshot: Bool { isRefreshing && heldRefresh.header == nil }
  /// Whether changes are kept for a snapshot that widens the book: see ``SnapshotRange``.
  var isRefreshing = false
  var counts = Statistics()
  var range = SnapshotRange()
  var heldRefresh = HeldSnapshot()
  private(set) var synchroniser: BookSynchroniser
  var pending = PendingDeltas()
  private var auditor = CheckpointAuditor()
  private var wasSynchronised = false

  /// Creates an empty book.
  public init(instrument: Instrument, rule: SequenceRule, maximumLevels: Int = 50_000) {
    self.instrument = instrument
    synchroniser = BookSynchroniser(rule: rule)
    book = OrderBook(maximumLevels: maximumLevels)
  }

  /// Whether the book may be shown as good.
  public var isSynchronised: Bool { synchroniser.isSynchronised }
  /// Whether changes wait for a snapshot.
  public var hasPending: Bool { !pending.headers.isEmpty }
  /// The counters.
  public var statistics: Statistics {
    var statistics = counts
    statistics.checkpointsMatched = auditor.matched
    statistics.checkpointsMismatched = auditor.mismatched
    return statistics
  }

  /// Takes a change whose levels stand in `levels`.
  public func receive(_ delta: DepthHeader, levels: borrowing LevelBuffer, receivedNS: Int64) -> ChangeOutcome {
    lastChangeSeenNS = receivedNS
    switch synchroniser.receive(delta) {
    case .apply:
      let outcome = apply(delta, bids: levels[delta.bids], asks: levels[delta.asks], receivedNS: receivedNS)
      return outcome == .applied ? watchRange(delta, levels) : outcome
    case .dropDuplicate:
      counts.duplicates += 1
      return .nothingToDo
    case .buffer:
      keep(delta, levels)
      return .wantsSnapshot
    case .bufferAnew:
      counts.gaps += 1
      pending.removeAll()
      keep(delta, levels)
      return .wantsSnapshot
    case .gap:
      counts.gaps += 1
      lose(.gap)
      // `lose` starts the synchroniser anew; this change is the first it keeps.
      _ = synchroniser.receive(delta)
      keep(delta, levels)
      return .lost(.gap)
    }
  }

  func keep(_ delta: DepthHeader, _ levels: borrowing LevelBuffer) {
    let top = auditor.quote(at: delta.lastUpdateID)
    if !pending.append(delta, from: levels, expecting: top) { counts.pendingOverflows += 1 }
  }

  @inline(__always)
  func apply(
    _ delta: DepthHeader, bids: UnsafeBufferPointer<BookLevel>, asks: UnsafeBufferPointer<BookLevel>,
    receivedNS: Int64
  ) -> ChangeOutcome {
    let outcome = put(delta, bids: bids, asks: asks, receivedNS: receivedNS)
    guard outcome == .applied else { return outcome }
    guard auditor.receive(bid: book.bestBid, ask: book.bestAsk, updateID: delta.lastUpdateID) else {
      lose(.contradicted)
      return .lost(.contradicted)
    }
    return .applied
  }

  /// Applies a change that waited for the snapshot.
  private func applyKept(_ index: Int, receivedNS: Int64) -> ChangeOutcome {
    let (delta, expected) = (pending.headers[index], pending.expectations[index])
    let outcome = put(delta, bids: pending.bids(index), asks: pending.asks(index), receivedNS: receivedNS)
    guard outcome == .applied else { return outcome }
    let holds = auditor.receive(
      bid: book.bestBid, ask: book.bestAsk, updateID: delta.lastUpdateID, expected: expected)
    guard holds else {
      lose(.contradicted)
      return .lost(.contradicted)
    }
    return .applied
  }

  @inline(__always)
  private func put(
    _ delta: DepthHeader, bids: UnsafeBufferPointer<BookLevel>, asks: UnsafeBufferPointer<BookLevel>,
    receivedNS: Int64
  ) -> ChangeOutcome {
    guard book.apply(bids: bids, asks: asks, updateID: delta.lastUpdateID) == .applied else {
      lose(.unrepresentable)
      return .lost(.unrepresentable)
    }
    counts.applied += 1
    counts.levels += bids.count + asks.count
    self.receivedNS = receivedNS
    eventTimeMS = delta.eventTimeMS
    guard !book.isCrossed else {
      counts.crossed += 1
      lose(.crossed)
      return .lost(.crossed)
    }
    return .applied
  }

  /// Takes the exchange's own best bid and ask, to compare the book with.
  ///
  /// - Returns: false when the book was found wrong by it; it is unsynchronised then and wants a snapshot.
  public func receive(_ quote: BestQuote) -> Bool {
    let holds = auditor.receive(quote)
    guard isSynchronised else {
      pending.expect(CheckpointAuditor.Top(quote))
      return true
    }
    guard !holds else { return true }
    lose(.contradicted)
    return false
  }

  /// What became of a snapshot.
  public enum SnapshotOutcome: Sendable, Equatable {
    /// The book is synchronised.
    case synchronised
    /// The book needs a newer one.
    case wantsNewer
    /// It is ahead of the stream and is used when the stream has come to it; the book is synchronised meanwhile.
    case held
    /// The book was synchronised already.
    case notWanted
  }

  /// Takes a snapshot whose levels stand in `levels`.
  ///
  /// - Parameter limit: the levels a side that were asked for; a side with as many was cut off there. Nil when not known.
  public func receiveSnapshot(
    _ snapshot: DepthHeader, levels: borrowing LevelBuffer, limit: Int? = nil, receivedNS: Int64
  ) -> SnapshotOutcome {
    if isRefreshing, isSynchronised { return receiveRefresh(snapshot, levels, limit: limit, receivedNS: receivedNS) }
    switch synchroniser.receiveSnapshot(id: snapshot.lastUpdateID, kept: pending.headers) {
    case .notWanted: return .notWanted
    case .tooOld:
      counts.snapshotsTooOld += 1
      return .wantsNewer
    case .hole(let before):
      pending.removeFirst(before)
      return .wantsNewer
    case .accept(let firstKept):
      range = SnapshotRange(bids: levels[snapshot.bids], asks: levels[snapshot.asks], limit: limit)
      return rebuild(from: snapshot, levels, firstKept: firstKept, receivedNS: receivedNS)
    }
  }

  private func rebuild(
    from snapshot: DepthHeader, _ levels: borrowing LevelBuffer, firstKept: Int, receivedNS: Int64
  ) -> SnapshotOutcome {
    book.removeAll()
    lossReason = nil
    var outcome = apply(
      snapshot, bids: levels[snapshot.bids], asks: levels[snapshot.asks], receivedNS: receivedNS)
    for index in firstKept..<max(firstKept, pending.headers.count) where outcome == .applied {
      outcome = applyKept(index, receivedNS: receivedNS)
    }
    pending.removeAll()
    guard outcome == .applied else { return .wantsNewer }
    heldRefresh.removeAll()
    isRefreshing = false
    if wasSynchronised { counts.resynchronisations += 1 }
    wasSynchronised = true
    return .synchronised
  }

  /// The book can no longer be trusted: everything begins anew with the next change.
  public func lose(_ reason: LossReason) {
    synchroniser.lose(streamGoesOn: reason != .disconnected)
    pending.removeAll()
    auditor.forgetStates()
    forgetRange()
    lossReason = reason
  }
}
