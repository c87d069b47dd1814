import MarketData
import Venues

/// What one exchange entry of the configuration asks of `Feeds`.
public struct FeedConfiguration: Sendable {
  /// The entry's name: `binance-spot`.
  public var name: String
  /// The exchange.
  public var venue: any Venue
  /// What is subscribed to.
  public var wish: SubscriptionWish
  /// WebSocket address without the path.
  public var webSocketURL: WebSocketURL
  /// REST address without the path and without a slash at its end.
  public var restURL: String
  /// Levels a side that a snapshot should have.
  public var snapshotDepth: Int
  /// Whether books are kept; otherwise depth changes are passed on as they come.
  public var keepsBooks: Bool
  /// How events become messages.
  public var publishing: MarketDataPipeline.Publishing
  /// Limits of the transport.
  public var transport: WebSocketOptions
  /// Limits of the session's life.
  public var session: SessionStateMachine.Configuration
  /// From a snapshot's request to its last byte.
  public var snapshotDeadline: Duration

  /// Creates a configuration.
  public init(
    name: String, venue: any Venue, wish: SubscriptionWish, webSocketURL: WebSocketURL, restURL: String,
    snapshotDepth: Int, keepsBooks: Bool, publishing: MarketDataPipeline.Publishing,
    transport: WebSocketOptions = WebSocketOptions(), session: SessionStateMachine.Configuration = .init(),
    snapshotDeadline: Duration = .seconds(10)
  ) {
    self.name = name
    self.venue = venue
    self.wish = wish
    self.webSocketURL = webSocketURL
    self.restURL = restURL
    self.snapshotDepth = snapshotDepth
    self.keepsBooks = keepsBooks
    self.publishing = publishing
    self.transport = transport
    self.session = session
    self.snapshotDeadline = snapshotDeadline
  }
}

/// What all feeds of the process share.
public struct FeedEnvironment: Sendable {
  /// Takes a burst of encoded events; called on a session's event loop, must not wait.
  public typealias Sink = @Sendable (borrowing EncodedEvents) -> Void

  /// Hears what happens to sessions and books; called on a session's event loop, must not wait.
  public typealias Observer = @Sendable (FeedEvent) -> Void

  /// The REST client.
  public var rest: RESTClient
  /// The request weight of the feed's venue and market.
  public var budget: SharedRequestBudget
  /// Where events go.
  public var sink: Sink
  /// Told what happens to sessions and books.
  public var observer: Observer?

  /// Creates an environment.
  public init(rest: RESTClient, budget: SharedRequestBudget, observer: Observer? = nil, sink: @escaping Sink) {
    self.rest = rest
    self.budget = budget
    self.observer = observer
    self.sink = sink
  }
}
