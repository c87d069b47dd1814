/// What can be said about the link at one moment.
public struct LinkStatus: Sendable, Equatable {
  /// The states of a link.
  public enum State: String, Sendable, CaseIterable {
    /// Not started, or stopped.
    case off
    /// Dialling for the first time, or after a wanted change of server.
    case connecting
    /// Connected; events are published.
    case up
    /// Connected; what was published is being confirmed before the connection closes.
    case draining
    /// Not connected; dialled again with growing delays.
    case down
  }

  /// The state.
  public var state: State
  /// The server connected to, or dialled last, without user, password or token.
  public var serverURL: String?
  /// Since when the state holds, in nanoseconds since 1970.
  public var since: Int64
  /// Why the link was last lost or could not be made; kept while it is up again.
  public var lastFailure: LinkFailure?
  /// Connections made.
  public var connects: UInt64 = 0
  /// Connections lost or given up.
  public var disconnects: UInt64 = 0
  /// Errors the server reported without closing, such as a subject it does not permit.
  public var serverErrors: UInt64 = 0
  /// The largest payload the server takes, headers included; 0 before the first connection.
  public var maximumPayload: Int = 0

  /// Creates a status with nothing counted.
  public init(state: State, since: Int64) {
    self.state = state
    self.since = since
  }

  /// Whether events are being published.
  public var isUp: Bool { state == .up }
}
