import MarketData

/// The overall state, which follows from the checks.
public enum HealthState: String, Sendable, CaseIterable {
  /// The first configuration is not committed yet, or a required dependency was never up.
  case starting
  /// Every check passes.
  case ok
  /// At least one check warns; the agent works.
  case degraded
  /// At least one check fails.
  case failing
  /// Shutting down.
  case draining
}

/// One thing that was looked at, with what was measured.
public struct HealthCheck: Sendable {
  /// The outcome of a check.
  public enum Status: String, Sendable {
    /// As it should be.
    case pass
    /// Wrong, and the agent goes on.
    case warn
    /// Wrong, and the agent does not do its job.
    case fail
  }

  /// What is looked at: `nats_connection`, `exchange_connections`, …
  public var name: String
  /// The outcome.
  public var status: Status
  /// What was measured, in words or a number.
  public var observedValue: String
  /// What it is measured against.
  public var threshold: String?
  /// Since when the outcome has been this one.
  public var since: Timestamp
  /// One line of explanation.
  public var output: String?

  /// Creates a check.
  public init(
    name: String, status: Status, observedValue: String, threshold: String? = nil, since: Timestamp,
    output: String? = nil
  ) {
    self.name = name
    self.status = status
    self.observedValue = observedValue
    self.threshold = threshold
    self.since = since
    self.output = output
  }
}

/// The truth about the agent at one moment; HTTP and the admin socket print this same value.
public struct HealthReport: Sendable {
  /// The overall state.
  public var state: HealthState
  /// Whether the configuration is committed, every required dependency is up and the agent is not draining.
  public var ready: Bool
  /// When it was taken.
  public var time: Timestamp
  /// Seconds since the process started.
  public var uptimeSeconds: Double
  /// The checks, in a fixed order.
  public var checks: [HealthCheck]
  /// The generation of the settings in force.
  public var generation: Int
  /// The collector's version.
  public var version: String

  /// Creates a report.
  public init(
    state: HealthState, ready: Bool, time: Timestamp, uptimeSeconds: Double, checks: [HealthCheck], generation: Int,
    version: String
  ) {
    self.state = state
    self.ready = ready
    self.time = time
    self.uptimeSeconds = uptimeSeconds
    self.checks = checks
    self.generation = generation
    self.version = version
  }
}
