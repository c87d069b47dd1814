import Settings

/// A part of the running collector that a reload can change: the HTTP listener, the link to NATS, the feeds.
///
/// The new is opened beside the old, takes over, and only then the old is closed:
/// 1. ``prepare(_:)`` opens what is new; nothing of it is visible. 2. ``PreparedComponent/commit()`` swaps.
/// 3. ``PreparedComponent/verify(until:)`` looks whether the new works. 4. ``PreparedComponent/finish()`` drains and closes the
/// old. A failure before the swap ends in ``PreparedComponent/discard()``, one after it in ``PreparedComponent/revert()``;
/// the old was never closed.
public protocol ReloadComponent: Sendable {
  /// What messages and logs call it: `http`, `nats`, `feeds`.
  var name: String { get }

  /// Opens what the change asks for beside what runs.
  ///
  /// - Returns: nil when the change does not touch this component.
  /// - Throws: what is in the way; everything opened so far is closed then.
  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)?
}

/// What one component has opened for a change.
public protocol PreparedComponent: Sendable {
  /// Makes the new visible in place of the old, which stays open. Cannot fail and does not wait for the network.
  func commit() async

  /// Whether the new works as well as the old did: what worked before must work after.
  ///
  /// - Returns: what is not as it should be and was not better before, a line each.
  /// - Throws: what has become worse.
  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String]

  /// After ``commit()``: puts the old back, which is still open, and closes the new.
  func revert() async

  /// Instead of ``commit()``: closes the new.
  func discard() async

  /// The change is final: drains and closes the old.
  func finish() async
}

/// From which settings to which.
public struct ReloadChange: Sendable {
  /// The settings in force.
  public var old: CollectorSettings
  /// The settings to come.
  public var new: CollectorSettings
  /// Every key that differs.
  public var changes: [SettingsChange]
  /// When opening must be over.
  public var deadline: ContinuousClock.Instant

  /// A change.
  public init(
    old: CollectorSettings, new: CollectorSettings, changes: [SettingsChange], deadline: ContinuousClock.Instant
  ) {
    self.old = old
    self.new = new
    self.changes = changes
    self.deadline = deadline
  }

  /// Whether any key that begins so differs.
  public func touches(_ prefix: String) -> Bool { changes.contains { $0.keyPath.hasPrefix(prefix) } }
}

/// Why a component could not take a change over.
public struct ReloadFailure: Error, Sendable, Equatable {
  /// The component's name.
  public var component: String
  /// The key the failure belongs to, so that the message can name its place in the file.
  public var keyPath: String?
  /// What is in the way, in one sentence.
  public var message: String
  /// Whether what is in the way is that a time was over.
  public var isTimeout: Bool

  /// A failure.
  public init(component: String, keyPath: String? = nil, _ message: String, isTimeout: Bool = false) {
    self.component = component
    self.keyPath = keyPath
    self.message = message
    self.isTimeout = isTimeout
  }
}
