/// How a simulator is set up. Every field has a default that gives a calm generated market on a free port.
public struct SimulatorConfiguration: Sendable {
  /// The address to listen on.
  public var host: String
  /// The port to listen on; 0 takes a free one.
  public var port: Int
  /// Seeds order flow and faults: the same seed gives the same orders.
  public var seed: UInt64
  /// Orders a second over all symbols together (limit orders, cancels and market orders).
  public var eventsPerSecond: Int
  /// A recording to serve in place of the generated order flow.
  public var recording: RecordingSource?
  /// What goes wrong.
  public var faults: [Fault]
  /// Time between server pings; nil takes the exchange's own (spot 20 s, USD-M 3 min).
  public var pingInterval: Duration?
  /// Time a client has to answer a ping; nil takes the exchange's own (spot 1 min, USD-M 10 min).
  public var pongTimeout: Duration?
  /// Bytes that may wait for one reader; one that falls further behind is closed and counted.
  public var maximumPendingBytes: Int
  /// Connections served at once; more are refused and counted.
  public var maximumConnections: Int
  /// Whether a connection that sends more messages a second than the exchange allows is closed with 1008.
  public var enforcesMessageRate: Bool

  /// A configuration with the given values and the documented defaults for the rest.
  public init(
    host: String = "127.0.0.1", port: Int = 0, seed: UInt64 = 1, eventsPerSecond: Int = 200,
    recording: RecordingSource? = nil, faults: [Fault] = [], pingInterval: Duration? = nil,
    pongTimeout: Duration? = nil, maximumPendingBytes: Int = 16 << 20, maximumConnections: Int = 1024,
    enforcesMessageRate: Bool = true
  ) {
    self.host = host
    self.port = port
    self.seed = seed
    self.eventsPerSecond = eventsPerSecond
    self.recording = recording
    self.faults = faults
    self.pingInterval = pingInterval
    self.pongTimeout = pongTimeout
    self.maximumPendingBytes = maximumPendingBytes
    self.maximumConnections = maximumConnections
    self.enforcesMessageRate = enforcesMessageRate
  }
}

/// A recording (plain or gzip) and how it is served.
public struct RecordingSource: Sendable {
  /// How fast the frames of a recording are sent.
  public enum Speed: Sendable, Equatable {
    /// A multiple of the recorded pace.
    case multiple(Double)
    /// As fast as the readers take it; nothing is dropped.
    case max
  }

  /// The file.
  public var path: String
  /// How fast it is served.
  public var speed: Speed
  /// The market the recording is from; nil tells it from the frames' shape.
  public var market: SimulatedMarket?
  /// Quiet time after the last change of subscriptions before the first frame is sent, so that a client which opens
  /// several connections misses nothing.
  public var settleTime: Duration
  /// How long the stream waits at a recorded snapshot for a client to ask for it.
  public var snapshotHold: Duration

  /// A recording at `path`.
  public init(
    path: String, speed: Speed = .multiple(1), market: SimulatedMarket? = nil,
    settleTime: Duration = .milliseconds(250), snapshotHold: Duration = .seconds(2)
  ) {
    self.path = path
    self.speed = speed
    self.market = market
    self.settleTime = settleTime
    self.snapshotHold = snapshotHold
  }
}
