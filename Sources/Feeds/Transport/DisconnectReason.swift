/// Why a WebSocket connection ended, or why it never came to be.
///
/// `slug` is stable and fit for a metric label; `description` is one line for a log.
public enum DisconnectReason: Error, Equatable, Sendable {
  /// The name did not resolve, the port refused, or TLS failed.
  case dialFailed(String)
  /// TCP, TLS and the upgrade together took longer than ``WebSocketOptions/dialTimeout``.
  case dialTimeout
  /// The server answered the upgrade with an ordinary HTTP response.
  case rejected(status: Int)
  /// The peer sent a close frame. The code is 1005 when the frame carried none.
  case closedByPeer(code: UInt16, reason: String)
  /// The transport ended without a close frame.
  case connectionLost(String)
  /// The peer broke RFC 6455; the text says which rule.
  case protocolError(String)
  /// A message exceeded ``WebSocketOptions/maxMessageBytes``.
  case messageTooLarge
  /// The session saw no frame for longer than it accepts.
  case staleTimeout
  /// Nothing, not even a pong, came back after a keep-alive ping.
  case pongTimeout
  /// The connection reached the age at which sessions are rotated.
  case maximumAge
  /// The owner closed it.
  case closedByUs

  /// A short name that never changes, for metric labels and status pages.
  public var slug: String {
    switch self {
    case .dialFailed: "dial_failed"
    case .dialTimeout: "dial_timeout"
    case .rejected: "rejected"
    case .closedByPeer: "closed_by_peer"
    case .connectionLost: "connection_lost"
    case .protocolError: "protocol_error"
    case .messageTooLarge: "message_too_large"
    case .staleTimeout: "stale_timeout"
    case .pongTimeout: "pong_timeout"
    case .maximumAge: "maximum_age"
    case .closedByUs: "closed_by_us"
    }
  }
}

extension DisconnectReason: CustomStringConvertible {
  /// One line for a log.
  public var description: String {
    switch self {
    case .dialFailed(let text): "dial failed: \(text)"
    case .dialTimeout: "dial timed out"
    case .rejected(let status): "upgrade rejected with HTTP status \(status)"
    case .closedByPeer(let code, let reason):
      reason.isEmpty ? "closed by peer (\(code))" : "closed by peer (\(code): \(reason))"
    case .connectionLost(let text): "connection lost: \(text)"
    case .protocolError(let text): "protocol error: \(text)"
    case .messageTooLarge: "message too large"
    case .staleTimeout: "no data for too long"
    case .pongTimeout: "no answer to a keep-alive ping"
    case .maximumAge: "reached its maximum age"
    case .closedByUs: "closed by us"
    }
  }
}
