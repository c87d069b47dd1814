/// What ``SessionStateMachine`` asks its owner to do, in this order.
public enum SessionAction: Equatable, Sendable {
  /// Dial.
  case connect
  /// Close the connection, or break off the dial, and report `closed` with this reason.
  case close(DisconnectReason)
  /// Set the one timer.
  case schedule(after: Duration)
  /// Unset the one timer.
  case cancelTimer
  /// Tell whoever watches.
  case notify(SessionNotice)
}

/// What a session tells logs, metrics and health.
public enum SessionNotice: Equatable, Sendable {
  /// Dialling; the attempt counts from 0 since the last stable connection.
  case connecting(attempt: Int)
  /// Connected: subscribe now, books begin unsynchronised.
  case connected
  /// The connection, or the try, ended; nil means no other will follow.
  case disconnected(DisconnectReason, retryAfter: Duration?)
  /// At rest.
  case stopped
}

extension DisconnectReason {
  /// The venue said that we come too often; the usual first short delays would earn a ban.
  var asksForPatience: Bool {
    switch self {
    case .rejected(status: 418), .rejected(status: 429), .closedByPeer(code: 1008, _): true
    default: false
    }
  }
}
