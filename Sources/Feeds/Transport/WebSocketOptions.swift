public import NIOCore

/// Which certificates a TLS peer must chain to.
public enum TLSRoots: Hashable, Sendable {
  /// The system's trust store.
  case system
  /// A PEM file of certificates, instead of the system's.
  case file(String)
}

/// Limits and deadlines of one WebSocket connection.
public struct WebSocketOptions: Sendable {
  /// Covers name resolution, TCP, TLS and the upgrade together. Default 10 s.
  public var dialTimeout: TimeAmount = .seconds(10)
  /// How long the peer may take to answer our close frame before the socket is closed anyway. Default 2 s.
  public var closeTimeout: TimeAmount = .seconds(2)
  /// The largest message accepted, in one frame or in many. Default 8 MiB, at most 1 GiB.
  public var maxMessageBytes: Int = 8 << 20
  /// How often we ping; nil never does. Venues count pings among the client's messages, so keep it slow.
  public var pingInterval: TimeAmount? = nil
  /// How long after a ping anything at all must have arrived. Default 10 s.
  public var pongTimeout: TimeAmount = .seconds(10)
  /// The trust store for `wss`.
  public var tlsRoots: TLSRoots = .system
  /// The `User-Agent` of the upgrade request.
  public var userAgent: String = "marketprism-collector"

  /// The defaults.
  public init() {}
}
