import Logging
import MarketData
import NIOCore
import Synchronization
import Venues

/// All sessions of one exchange entry: starts them, spreads the instruments over them, changes them live, asks them.
public final class Feed: Sendable {
  /// What the entry asks for.
  public var configuration: FeedConfiguration { sessions.withLock { $0.configuration } }

  private let environment: FeedEnvironment
  private let group: any EventLoopGroup
  private let logger: Logger
  let sessions: Mutex<State>

  struct State {
    var configuration: FeedConfiguration
    /// Whether sessions opened from now on are published.
    var isMuted: Bool
    var running: [FeedSession] = []
    var created = 0
    /// Once stopped, a change of instruments that comes late must not dial again.
    var isStopped = false
    /// Its connections are kept closed; see ``pause()``.
    var isPaused = false
  }

  /// Creates a feed; nothing is dialled yet.
  ///
  /// - Parameter isMuted: whether nothing is published until ``unmute(after:)``.
  public init(
    configuration: FeedConfiguration, environment: FeedEnvironment, group: any EventLoopGroup, logger: Logger,
    isMuted: Bool = false
  ) {
    sessions = Mutex(State(configuration: configuration, isMuted: isMuted))
    self.environment = environment
    self.group = group
    self.logger = logger
  }

  /// Dials all connections of the entry.
  public func start() {
    open(configuration.wish.instruments)
  }

  func open(_ instruments: [Instrument]) {
    let base = configuration
    var wish = base.wish
    wish.instruments = instruments
    let perConnection = base.venue.instrumentsPerConnection(wish)
    guard perConnection > 0 else { return }
    for start in stride(from: 0, to: instruments.count, by: perConnection) {
      sessions.withLock { state in
        guard !state.isStopped else { return }
        state.created += 1
        var configuration = state.configuration
        configuration.wish.instruments = Array(instruments[start..<min(start + perConnection, instruments.count)])
        let session = FeedSession(
          name: "\(configuration.name)/\(state.created)", configuration: configuration, environment: environment,
          loop: group.next(), logger: logger, isMuted: state.isMuted)
        state.running.append(session)
        if !state.isPaused { session.start() }
      }
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

  var runningSessions: [FeedSession] { sessions.withLock { $0.running } }

  /// Closes one connection for good.
  func close(_ session: FeedSession) async {
    sessions.withLock { state in state.running.removeAll { $0 === session } }
    try? await session.stop().get()
  }

  /// - Returns: the sessions that were opened with another tuning.
  func retune(_ tuning: FeedTuning) -> [FeedSession] {
    sessions.withLock { state in
      state.configuration.tuning = tuning
      return state.running
    }
  }

  /// - Returns: the sessions that were opened before.
  func setMuted(_ isMuted: Bool) -> [FeedSession] {
    sessions.withLock { state in
      state.isMuted = isMuted
      return state.running
    }
  }

  /// A copy of the state of all sessions.
  public func reports() async -> [SessionReport] {
    var reports: [SessionReport] = []
    for session in runningSessions {
      if let report = try? await session.report() { reports.append(report) }
    }
    return reports
  }

  /// A copy of a book, at most `depth` levels a side; nil when none is kept.
  public func book(of instrument: Instrument, depth: Int?) async -> BookView? {
    for session in runningSessions {
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
