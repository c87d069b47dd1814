import Logging
import MarketData
import NIOCore
import Synchronization
import Venues

/// All sessions of one exchange entry: starts them, spreads the instruments over them, changes them live, asks them.
public final class Feed: Sendable {
  /// What the entry asks for.
  public let configuration: FeedConfiguration

  private let environment: FeedEnvironment
  private let group: any EventLoopGroup
  private let logger: Logger
  private let sessions = Mutex<State>(State())

  private struct State {
    var running: [FeedSession] = []
    var created = 0
    /// Once stopped, a change of instruments that comes late must not dial again.
    var isStopped = false
  }

  /// Creates a feed; nothing is dialled yet.
  public init(
    configuration: FeedConfiguration, environment: FeedEnvironment, group: any EventLoopGroup, logger: Logger
  ) {
    self.configuration = configuration
    self.environment = environment
    self.group = group
    self.logger = logger
  }

  /// Dials all connections of the entry.
  public func start() {
    open(configuration.wish.instruments)
  }

  private func open(_ instruments: [Instrument]) {
    var wish = configuration.wish
    wish.instruments = instruments
    let perConnection = configuration.venue.instrumentsPerConnection(wish)
    guard perConnection > 0 else { return }
    for start in stride(from: 0, to: instruments.count, by: perConnection) {
      var configuration = configuration
      configuration.wish.instruments = Array(instruments[start..<min(start + perConnection, instruments.count)])
      let session = sessions.withLock { state -> FeedSession? in
        guard !state.isStopped else { return nil }
        state.created += 1
        let session = FeedSession(
          name: "\(configuration.name)/\(state.created)", configuration: configuration, environment: environment,
          loop: group.next(), logger: logger)
        state.running.append(session)
        return session
      }
      session?.start()
    }
  }

  /// Closes all connections for good; returns when they are closed.
  public func stop() async {
    let running = sessions.withLock { state in
      state.isStopped = true
      defer { state.running = [] }
      return state.running
    }
    for future in running.map({ $0.stop() }) {
      // The future never fails; a loop that is shut down already has nothing left to close.
      try? await future.get()
    }
  }

  /// Follows exactly these instruments from now on; connections and books of instruments that stay are not touched.
  public func follow(_ instruments: [Instrument]) async {
    let running = sessions.withLock { $0.running }
    var followed: Set<Instrument> = []
    for session in running {
      followed.formUnion((try? await session.loop.submit { session.instruments }.get()) ?? [])
    }
    // What any session follows stays where it is; the rest goes where there is room.
    var waiting = instruments.filter { !followed.contains($0) }
    for session in running {
      let offered = waiting
      let adopted = session.loop.submit { Self.adopt(session, wanted: instruments, waiting: offered) }
      waiting = (try? await adopted.get()) ?? offered
    }
    await closeEmptySessions()
    if !waiting.isEmpty { open(waiting) }
  }

  /// Takes from the session what is not wanted and gives it what fits; on its loop.
  ///
  /// - Returns: the instruments that still wait for a session.
  private static func adopt(
    _ session: FeedSession, wanted: [Instrument], waiting: [Instrument]
  ) -> [Instrument] {
    let followed = session.instruments
    let wantedSet = Set(wanted)
    let removed = followed.filter { !wantedSet.contains($0) }
    var wish = session.configuration.wish
    wish.instruments = wanted
    let room = session.configuration.venue.instrumentsPerConnection(wish) - (followed.count - removed.count)
    // A session whose every instrument goes is closed rather than filled anew.
    let added = removed.count == followed.count ? [] : Array(waiting.prefix(max(0, room)))
    if !removed.isEmpty || !added.isEmpty { session.change(adding: added, removing: removed) }
    return Array(waiting.dropFirst(added.count))
  }

  private func closeEmptySessions() async {
    for session in sessions.withLock({ $0.running }) {
      let isEmpty = (try? await session.loop.submit { session.instruments.isEmpty }.get()) ?? false
      guard isEmpty else { continue }
      sessions.withLock { state in state.running.removeAll { $0 === session } }
      try? await session.stop().get()
    }
  }

  /// A copy of the state of all sessions.
  public func reports() async -> [SessionReport] {
    var reports: [SessionReport] = []
    for session in sessions.withLock({ $0.running }) {
      if let report = try? await session.report() { reports.append(report) }
    }
    return reports
  }

  /// A copy of a book, at most `depth` levels a side; nil when none is kept.
  public func book(of instrument: Instrument, depth: Int?) async -> BookView? {
    for session in sessions.withLock({ $0.running }) {
      if let view = try? await session.book(of: instrument, depth: depth) { return view }
    }
    return nil
  }

  /// Asks the exchange's REST interface for a snapshot now.
  ///
  /// - Throws: ``SnapshotError``.
  public func freshSnapshot(of instrument: Instrument, depth: Int) async throws(SnapshotError) -> BookView {
    let request = configuration.venue.snapshotRequest(instrument, depth: depth)
    if case .wait(let delay) = environment.budget.request(weight: request.weight) { throw .budget(delay) }
    let response: RESTResponse
    do {
      response = try await environment.rest.get(
        configuration.restURL + request.target, deadline: configuration.snapshotDeadline, maxBytes: 8 << 20)
    } catch let error as RESTError where error == .timeout {
      throw .timeout
    } catch {
      throw .unreachable("\(error)")
    }
    environment.budget.responded(response)
    guard response.status == 200 else { throw .refused(status: response.status) }
    return try view(of: response, instrument: instrument, depth: depth)
  }

  private func view(
    of response: RESTResponse, instrument: Instrument, depth: Int
  ) throws(SnapshotError) -> BookView {
    let decoder = configuration.venue.decoder(
      market: instrument.market, instruments: [instrument], learnsSymbols: false)
    var levels = LevelBuffer()
    var header: DepthHeader?
    response.body.withUnsafeReadableBytes { header = try? decoder.decodeSnapshot($0, levels: &levels) }
    guard let header else { throw .undecodable }
    let now = WallClock.now()
    return BookView(
      instrument: instrument, isSynchronised: true, reason: nil, lastUpdateID: header.lastUpdateID,
      eventTimeMS: header.eventTimeMS, receivedAt: now, takenAt: now, bids: Array(levels[header.bids].prefix(depth)),
      asks: Array(levels[header.asks].prefix(depth)), bidLevels: header.bids.count, askLevels: header.asks.count,
      gaps: 0, resynchronisations: 0)
  }
}

/// Why a snapshot could not be had.
public enum SnapshotError: Error, Sendable, Equatable {
  /// The venue's request budget is spent; this long until it is not.
  case budget(Duration)
  /// No answer in time.
  case timeout
  /// The exchange cannot be reached.
  case unreachable(String)
  /// The exchange answered with another status than 200.
  case refused(status: Int)
  /// The answer is no snapshot.
  case undecodable
}
