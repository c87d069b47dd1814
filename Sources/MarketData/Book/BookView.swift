/// A copy of an order book (or of a REST snapshot) for readers; best prices first.
public struct BookView: Sendable {
  /// The instrument.
  public var instrument: Instrument
  /// Whether the book is synchronised with the exchange's stream. Always true for a fresh REST snapshot.
  public var isSynchronised: Bool
  /// Why it is not; nil when it is.
  public var reason: String?
  /// The exchange's id of the last change in it.
  public var lastUpdateID: Int64
  /// When the exchange made that change; nil where it does not say.
  public var eventTimeMS: Int64?
  /// When that change (or the REST answer) was received.
  public var receivedAt: Timestamp
  /// When this copy was taken.
  public var takenAt: Timestamp
  /// Bids, highest first.
  public var bids: [BookLevel]
  /// Asks, lowest first.
  public var asks: [BookLevel]
  /// Levels in the whole book, not only in this copy.
  public var bidLevels: Int
  /// Levels in the whole book, not only in this copy.
  public var askLevels: Int
  /// Gaps seen so far.
  public var gaps: Int
  /// Resynchronisations so far.
  public var resynchronisations: Int

  /// Creates a view.
  public init(
    instrument: Instrument, isSynchronised: Bool, reason: String?, lastUpdateID: Int64, eventTimeMS: Int64?,
    receivedAt: Timestamp, takenAt: Timestamp, bids: [BookLevel], asks: [BookLevel], bidLevels: Int, askLevels: Int,
    gaps: Int, resynchronisations: Int
  ) {
    self.instrument = instrument
    self.isSynchronised = isSynchronised
    self.reason = reason
    self.lastUpdateID = lastUpdateID
    self.eventTimeMS = eventTimeMS
    self.receivedAt = receivedAt
    self.takenAt = takenAt
    self.bids = bids
    self.asks = asks
    self.bidLevels = bidLevels
    self.askLevels = askLevels
    self.gaps = gaps
    self.resynchronisations = resynchronisations
  }

  /// Milliseconds from the last change (or the REST answer) to this copy.
  public var ageMS: Int64 { takenAt.nanoseconds(since: receivedAt) / 1_000_000 }
}
