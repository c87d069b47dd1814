/// What of an entry can change while its connections stay as they are.
public struct FeedTuning: Sendable, Equatable {
  /// Limits of the sessions' lives.
  public var session: SessionStateMachine.Configuration
  /// How often we ping; nil never does.
  public var pingInterval: Duration?
  /// Levels a side that snapshots asked for from now on should have.
  public var snapshotDepth: Int

  /// A tuning.
  public init(session: SessionStateMachine.Configuration, pingInterval: Duration?, snapshotDepth: Int) {
    self.session = session
    self.pingInterval = pingInterval
    self.snapshotDepth = snapshotDepth
  }
}

extension FeedConfiguration {
  /// What of it can change while the connections stay as they are.
  public var tuning: FeedTuning {
    get {
      FeedTuning(
        session: session, pingInterval: transport.pingInterval.map { .nanoseconds($0.nanoseconds) },
        snapshotDepth: snapshotDepth)
    }
    set {
      session = newValue.session
      transport.pingInterval = newValue.pingInterval.map { .nanoseconds($0.clampedNanoseconds) }
      snapshotDepth = newValue.snapshotDepth
    }
  }
}
