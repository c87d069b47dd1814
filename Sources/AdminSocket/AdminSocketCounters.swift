/// What the admin socket has done and lost since it started.
public struct AdminSocketCounters: Sendable, Equatable {
  /// Connections that were served.
  public var connections = 0
  /// Connections told that there are too many, or that they have no role.
  public var refusedConnections = 0
  /// Requests carried out.
  public var requests = 0
  /// Requests refused before anything was carried out.
  public var refusedRequests = 0
  /// Connections closed because nothing was sent.
  public var idleTimeouts = 0
  /// Commands given up after their time.
  public var commandTimeouts = 0
  /// Connections cut because their output was not read.
  public var droppedReaders = 0
  /// Replies that came after their command had been given up.
  public var lateReplies = 0

  mutating func count(_ event: ConnectionMachine.Event) {
    switch event {
    case .request: requests += 1
    case .refusedRequest: refusedRequests += 1
    case .idleTimeout: idleTimeouts += 1
    case .commandTimeout: commandTimeouts += 1
    case .droppedReader: droppedReaders += 1
    case .lateReply: lateReplies += 1
    }
  }
}
