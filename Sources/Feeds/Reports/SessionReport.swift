import MarketData
import Venues

/// One book, for readers.
public struct BookReport: Sendable {
  /// The instrument.
  public var instrument: Instrument
  /// Why it is not synchronised; nil when it is.
  public var reason: String?
  /// Why its last snapshot could not be had, while it waits for one.
  public var problem: String?
  /// The exchange's id of the last change in it.
  public var lastUpdateID: Int64
  /// When the last change arrived, applied or not, in nanoseconds since 1970; 0 before the first.
  public var lastChangeNS: Int64
  /// From the exchange's time of the last change applied to its arrival, by two clocks; nil where it names no time.
  public var lagMS: Int64?
  /// Best bid.
  public var bestBid: BookLevel?
  /// Best ask.
  public var bestAsk: BookLevel?
  /// Bid levels.
  public var bidLevels: Int
  /// Ask levels.
  public var askLevels: Int
  /// Counters.
  public var statistics: ManagedBook.Statistics

  /// Whether the book may be shown as good.
  public var isSynchronised: Bool { reason == nil }

  /// An empty book that is not synchronised.
  package init(instrument: Instrument, reason: String?) {
    self.instrument = instrument
    self.reason = reason
    lastUpdateID = 0
    lastChangeNS = 0
    bidLevels = 0
    askLevels = 0
    statistics = ManagedBook.Statistics()
  }
}

/// One session, for readers: a copy taken on its event loop.
public struct SessionReport: Sendable {
  /// `binance-spot/1`.
  public var name: String
  /// The session machine's state.
  public var state: String
  /// Whether the connection is open.
  public var isConnected: Bool
  /// When the present connection was opened.
  public var connectedAt: Timestamp?
  /// When the last message arrived.
  public var lastMessageAt: Timestamp?
  /// Connections opened again after the first.
  public var reconnects: Int
  /// Why the last connection ended.
  public var lastDisconnect: String?
  /// Messages and failures.
  public var statistics: PipelineStatistics
  /// Bytes received on the present connection.
  public var bytes: Int
  /// Refusals of the venue for this session's snapshots, and requests that failed.
  public var snapshotFailures: Int
  /// Events handed over for delivery.
  public var events: Int
  /// The instruments followed.
  public var instruments: [Instrument]
  /// What the exchange would not subscribe to, with its words.
  public var refusals: [Instrument: String]
  /// The books.
  public var books: [BookReport]

  /// A session that has seen nothing yet.
  package init(name: String, state: String, statistics: PipelineStatistics) {
    self.name = name
    self.state = state
    isConnected = false
    reconnects = 0
    self.statistics = statistics
    bytes = 0
    snapshotFailures = 0
    events = 0
    instruments = []
    refusals = [:]
    books = []
  }
}
