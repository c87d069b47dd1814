import MarketData

/// Where a venue is reached when the configuration names nothing else.
public struct VenueEndpoints: Sendable, Equatable {
  /// WebSocket address without the path.
  public var webSocket: String
  /// REST address without the path.
  public var rest: String
}

/// One WebSocket connection that is to be made.
public struct ConnectionPlan: Sendable, Equatable {
  /// Path behind the WebSocket address, without the leading slash: `public/stream`.
  public var path: String
  /// Query: `streams=btcusdt@trade/…`.
  public var query: String
  /// Streams that are asked for.
  public var streams: [String]
}

/// A REST request for an order book snapshot.
public struct SnapshotRequest: Sendable, Equatable {
  /// Path and query behind the REST address, with the leading slash.
  public var target: String
  /// Levels a side that it asks for; a side of the answer with as many was cut off there.
  public var limit: Int
  /// What it costs of the venue's budget.
  public var weight: Int
}

/// What is asked of one market of a venue.
public struct SubscriptionWish: Sendable {
  /// The market.
  public var market: MarketType
  /// The instruments.
  public var instruments: [Instrument]
  /// The kinds of data.
  public var dataTypes: [DataType]
  /// How often depth changes come, in the venue's words (`0ms`, `100ms`); nil for the venue's default here.
  public var depthSpeed: String?

  /// Creates a wish.
  public init(market: MarketType, instruments: [Instrument], dataTypes: [DataType], depthSpeed: String? = nil) {
    self.market = market
    self.instruments = instruments
    self.dataTypes = dataTypes
    self.depthSpeed = depthSpeed
  }
}

/// What the rest of the house must know of an exchange. One folder and one line in ``VenueRegistry`` for each.
public protocol Venue: Sendable {
  /// The exchange's name in configuration and subjects.
  var name: String { get }
  /// Markets and the kinds of data delivered from each.
  var markets: [(market: MarketType, dataTypes: [DataType])] { get }
  /// Request weight that one address may spend a minute.
  func weightLimit(market: MarketType) -> Int
  /// Where the market is reached.
  func endpoints(market: MarketType) -> VenueEndpoints
  /// The instrument meant by the exchange's or the canonical spelling; nil when it cannot be one.
  func instrument(_ symbol: String, market: MarketType) -> Instrument?
  /// Instruments that one connection may carry, by the venue's limits; 0 when nothing wished for can be had.
  func instrumentsPerConnection(_ wish: SubscriptionWish) -> Int
  /// The connection for the wish's instruments, of which there are at most as many as one connection may carry.
  func connection(_ wish: SubscriptionWish) -> ConnectionPlan
  /// A text that adds streams to, or takes them from, an open connection.
  func subscription(_ change: SubscriptionChange, streams: [String], id: Int64) -> String
  /// The streams of one instrument.
  func streams(of instrument: Instrument, in wish: SubscriptionWish) -> [String]
  /// A decoder for one connection.
  func decoder(market: MarketType, instruments: [Instrument], learnsSymbols: Bool) -> FrameDecoder
  /// How changes of a book are chained.
  func sequenceRule(market: MarketType) -> SequenceRule
  /// How to ask for a snapshot of at least `depth` levels, as far as the venue has them.
  func snapshotRequest(_ instrument: Instrument, depth: Int) -> SnapshotRequest
  /// The spelling that stands in the URL of a recorded snapshot request; nil when it is another request.
  func symbol(inSnapshotURL url: String) -> String?
}

/// Whether streams are added or taken away.
public enum SubscriptionChange: Sendable {
  /// Added.
  case subscribe
  /// Taken away.
  case unsubscribe
}

/// The exchanges this collector speaks with.
public enum VenueRegistry {
  /// All of them.
  public static let venues: [any Venue] = [BinanceVenue()]

  /// The exchange with this name.
  public static func venue(named name: String) -> (any Venue)? {
    venues.first { $0.name == name }
  }
}
