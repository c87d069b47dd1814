/// How the sender marked a message.
public enum WebSocketMessageKind: Sendable {
  /// UTF-8 by contract; whoever decodes it checks.
  case text
  /// Anything.
  case binary
}

/// What a WebSocket connection tells its owner.
///
/// Every call is made on the connection's event loop and never from inside a call the owner makes to the connection.
/// The order is `opened`, then any number of bursts (`received`… `burstEnded`), then `closed`; a failed dial is `closed` alone.
public protocol WebSocketReceiver: AnyObject {
  /// The upgrade succeeded; the connection may be written to from here on.
  func webSocketOpened(_ connection: WebSocketConnection<Self>)

  /// One whole message. The bytes are valid during the call only.
  func webSocketReceived(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind)

  /// What one turn of the event loop read has been delivered: the moment to flush what was batched.
  /// Called only after at least one message.
  func webSocketBurstEnded()

  /// The connection is gone: exactly once for every connect, also when the dial failed. Nothing is called after it.
  func webSocketClosed(_ reason: DisconnectReason)
}

/// What one connection has seen, for metrics. Counts wrap, they never trap.
public struct WebSocketCounters: Equatable, Sendable {
  /// Whole messages delivered.
  public var messages: UInt64 = 0
  /// Bytes read after the upgrade, frame headers included.
  public var bytes: UInt64 = 0
  /// Bursts delivered.
  public var bursts: UInt64 = 0
  /// Pings of the peer.
  public var pings: UInt64 = 0
  /// Pongs of the peer.
  public var pongs: UInt64 = 0
  /// Pongs of ours not sent because the peer does not read what we write.
  public var pongsDropped: UInt64 = 0
  /// Messages of ours refused for the same reason, or because the connection was not open.
  public var sendsRefused: UInt64 = 0

  /// Nothing seen yet.
  public init() {}
}
