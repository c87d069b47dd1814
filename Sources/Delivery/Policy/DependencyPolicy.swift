/// Whether NATS is optional or required, who said so, and until when.
///
/// A value apart from the link: a change of policy never touches a connection. The file's value holds until an operator
/// overrides it; an override survives reloads, expires, and gives way when the file's own value of the key changes.
/// Times are nanoseconds since 1970.
public struct DependencyPolicy: Sendable, Equatable {
  /// What the absence of the dependency means.
  public enum Requirement: String, Sendable, CaseIterable {
    /// Degraded, and goes on.
    case optional
    /// Not ready.
    case required
  }

  /// An operator's word at run time.
  public struct Override: Sendable, Equatable {
    /// What was asked for.
    public var requirement: Requirement
    /// Who asked.
    public var uid: UInt32
    /// Why.
    public var reason: String?
    /// When.
    public var setAt: Int64
    /// When it ends by itself; nil for never.
    public var until: Int64?
  }

  /// Where the value in force comes from.
  public enum Source: Sendable, Equatable {
    /// The configuration.
    case file
    /// An operator.
    case override(uid: UInt32, reason: String?, until: Int64?)
  }

  /// What the configuration says.
  public private(set) var fileValue: Requirement
  /// The override in force.
  public private(set) var activeOverride: Override?

  /// Creates the policy the configuration asks for.
  public init(file: Requirement) { fileValue = file }

  /// The value in force.
  public var requirement: Requirement { activeOverride?.requirement ?? fileValue }

  /// Where the value in force comes from.
  public var source: Source {
    guard let active = activeOverride else { return .file }
    return .override(uid: active.uid, reason: active.reason, until: active.until)
  }

  /// Puts an operator's word over the file's. The same word again changes nothing: who said it first, and when, stays.
  ///
  /// - Returns: whether anything changed. An end that is not in the future changes nothing.
  public mutating func setOverride(
    _ requirement: Requirement, uid: UInt32, reason: String? = nil, at now: Int64, until: Int64? = nil
  ) -> Bool {
    expire(at: now)
    if let until, until <= now { return false }
    if let active = activeOverride, active.requirement == requirement, active.until == until,
      reason == nil || active.reason == reason
    {
      return false
    }
    activeOverride = Override(requirement: requirement, uid: uid, reason: reason, setAt: now, until: until)
    return true
  }

  /// Takes the override away.
  ///
  /// - Returns: whether there was one.
  public mutating func reset() -> Bool {
    defer { activeOverride = nil }
    return activeOverride != nil
  }

  /// Takes the value of a reloaded configuration. Only when it differs from the file's last value does an override go.
  ///
  /// - Returns: whether the value in force or its source changed.
  public mutating func fileChanged(to value: Requirement) -> Bool {
    guard value != fileValue else { return false }
    fileValue = value
    activeOverride = nil
    return true
  }

  /// Ends an override whose time is over.
  ///
  /// - Returns: whether one ended.
  @discardableResult
  public mutating func expire(at now: Int64) -> Bool {
    guard let until = activeOverride?.until, until <= now else { return false }
    activeOverride = nil
    return true
  }
}
