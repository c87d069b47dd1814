/// What a simulator has done since it started.
public struct SimulatorStatistics: Sendable, Equatable {
  /// How far a recording has been served.
  public enum RecordingProgress: Sendable, Equatable {
    /// The order flow is generated.
    case none
    /// Nobody has subscribed yet.
    case waitingForSubscriber
    /// Frames are being sent, or held at a snapshot.
    case playing
    /// Every line has been read and handed to the sockets.
    case finished
    /// The file could not be read to its end.
    case failed(String)
  }

  /// WebSocket connections accepted.
  public var connectionsOpened = 0
  /// WebSocket connections that stand now.
  public var connectionsOpen = 0
  /// TCP connections refused because there were too many.
  public var connectionsRefused = 0
  /// WebSocket frames sent, control frames included.
  public var framesSent = 0
  /// Bytes handed to WebSocket connections.
  public var bytesSent = 0
  /// Pings sent by the server.
  public var pingsSent = 0
  /// Pongs received that answer a ping.
  public var pongsReceived = 0
  /// Connections closed because a ping was not answered in time.
  public var pongTimeouts = 0
  /// Connections closed because their reader fell too far behind.
  public var slowReadersClosed = 0
  /// Connections closed for sending too many messages a second.
  public var rateLimitedConnections = 0
  /// Subscriptions accepted on a path that does not carry the stream: the exchange stays silent on these.
  public var misroutedSubscriptions = 0
  /// REST requests answered.
  public var requestsServed = 0
  /// Depth snapshots served, stale ones not counted.
  public var snapshotsServed = 0
  /// Orders of the generated flow.
  public var eventsGenerated = 0
  /// Orders left out because the machine could not keep the asked-for rate.
  public var eventsSkipped = 0
  /// Lines of a recording read.
  public var recordingLines = 0
  /// Lines of a recording that are in no known shape.
  public var unreadableLines = 0
  /// How far a recording has been served.
  public var recording = RecordingProgress.none
  /// Injected faults by the name used in `--fault`.
  public var faults: [String: Int] = [:]

  /// Statistics of a simulator that has done nothing yet.
  public init() {}
}
