/// The bounds of the HTTP API, with their defaults.
public struct HTTPLimits: Sendable {
  /// Connections served at the same time; further ones wait in the kernel's backlog.
  public var connections = 256
  /// Requests worked on at the same time; further ones get 429. One whose deadline is over counts until the agent has
  /// answered, so that a hanging agent cannot pile up work.
  public var requests = 256
  /// Snapshots fetched from exchanges at the same time; further ones get 429.
  public var freshSnapshots = 8
  /// How long a request may take; then it gets 504.
  public var requestDeadline: Duration = .seconds(10)
  /// How long a connection may say nothing.
  public var idleSeconds: Int64 = 60
  /// How long ``HTTPAPIServer/stop()`` waits for requests under way.
  public var stopDeadline: Duration = .seconds(3)
  /// How long a reload that was asked for over HTTP may take; then it gets 504 and goes on.
  public var reloadDeadline: Duration = .seconds(120)
  /// How long requests under way have when their port is given up by a reload.
  public var drainDeadline: Duration = .seconds(125)
  /// Bytes of a request's body.
  public var bodyBytes = 65_536
  /// How long a request's body may take to arrive.
  public var bodyDeadline: Duration = .seconds(5)
  /// Bytes of a request's path and query.
  public var targetBytes = 4096
  /// Bytes of all request headers.
  public var headerBytes = 16_384

  /// Creates the defaults.
  public init() {}
}
