import MarketData
import NIOCore
import Venues

extension FeedSession {
  /// A copy of the session's state, taken on the loop. Any thread.
  func report() async throws -> SessionReport {
    try await loop.submit { self.reportOnLoop() }.get()
  }

  private func reportOnLoop() -> SessionReport {
    var report = SessionReport(name: name, state: machine.state.rawValue, statistics: pipeline.statistics)
    report.isConnected = connection?.isOpen ?? false
    report.connectedAt = connectedNS.map(Timestamp.init(nanoseconds:))
    report.lastMessageAt = lastMessageNS.map(Timestamp.init(nanoseconds:))
    report.reconnects = max(0, Int(clamping: machine.connects) - 1)
    report.lastDisconnect = machine.lastDisconnect?.description
    report.bytes = Int(clamping: connection?.counters.bytes ?? 0)
    report.snapshotFailures = snapshotFailures
    report.events = events
    report.instruments = instruments
    report.refusals = refusals
    report.books = pipeline.allBooks.filter { !pipeline.isSilenced($0.instrument) }.map { self.report(on: $0.book) }
    return report
  }

  private func report(on managed: ManagedBook) -> BookReport {
    var report = BookReport(instrument: managed.instrument, reason: managed.lossReason?.rawValue)
    report.lastUpdateID = managed.book.lastUpdateID
    report.lastChangeNS = managed.lastChangeSeenNS
    report.lagMS = managed.eventTimeMS.map { managed.receivedNS / 1_000_000 &- $0 }
    report.bestBid = managed.book.bestBid
    report.bestAsk = managed.book.bestAsk
    report.bidLevels = managed.book.bidCount
    report.askLevels = managed.book.askCount
    report.statistics = managed.statistics
    report.problem = managed.isSynchronised ? nil : snapshotProblems[managed.instrument]
    return report
  }

  /// A copy of a book; nil when this session does not keep it. Any thread.
  func book(of instrument: Instrument, depth: Int?) async throws -> BookView? {
    try await loop.submit { self.bookOnLoop(instrument, depth: depth) }.get()
  }

  func bookOnLoop(_ instrument: Instrument, depth: Int?) -> BookView? {
    guard let place = pipeline.decoder.place(of: instrument.venueSymbol),
      !pipeline.isSilenced(place), let managed = pipeline.book(instrument: place)
    else { return nil }
    return BookView(
      instrument: managed.instrument, isSynchronised: managed.isSynchronised, reason: managed.lossReason?.rawValue,
      lastUpdateID: managed.book.lastUpdateID, eventTimeMS: managed.eventTimeMS,
      receivedAt: Timestamp(nanoseconds: managed.receivedNS), takenAt: WallClock.now(),
      bids: managed.book.topBids(depth ?? .max), asks: managed.book.topAsks(depth ?? .max),
      bidLevels: managed.book.bidCount, askLevels: managed.book.askCount, gaps: managed.statistics.gaps,
      resynchronisations: managed.statistics.resynchronisations)
  }
}
