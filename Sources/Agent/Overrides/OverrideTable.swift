/// The changes made at run time but for `nats.optional`, whose rules are ``DependencyPolicy``'s: one a key.
///
/// A value without clock or effect: the caller carries out what a change means. Times are nanoseconds since 1970.
package struct OverrideTable: Sendable {
  private var entries: [OverrideKey: ActiveOverride] = [:]

  /// An empty table.
  package init() {}

  /// The override of a key.
  package subscript(key: OverrideKey) -> ActiveOverride? { entries[key] }

  /// All of them, sorted by key.
  package var all: [ActiveOverride] { entries.values.sorted { $0.key.text < $1.key.text } }

  /// Puts an override in force. The same value again changes nothing unless it brings a new end or another reason: who
  /// said it first, and when, stays.
  ///
  /// - Returns: whether anything changed.
  package mutating func set(_ override: ActiveOverride) -> Bool {
    if let active = entries[override.key], active.value == override.value,
      override.until == nil || override.until == active.until,
      override.reason == nil || override.reason == active.reason
    {
      return false
    }
    entries[override.key] = override
    return true
  }

  /// Takes an override away.
  ///
  /// - Returns: the one that was in force.
  package mutating func remove(_ key: OverrideKey) -> ActiveOverride? { entries.removeValue(forKey: key) }

  /// Takes away what has run out.
  package mutating func expire(at now: Int64) -> [ActiveOverride] {
    let expired = all.filter { ($0.until ?? .max) <= now }
    for override in expired { entries[override.key] = nil }
    return expired
  }
}
