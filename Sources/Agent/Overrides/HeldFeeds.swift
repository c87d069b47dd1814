import Synchronization

/// Which exchange entries must not be connected: those paused, or all while the collector is drained. Known where feeds
/// are made, so that a feed that a reload builds for a paused entry never dials.
final class HeldFeeds: Sendable {
  private struct State: Sendable {
    var names: Set<String> = []
    var isAll = false
  }

  private let state = Mutex(State())

  /// Whether the entry of this name must not be connected.
  func holds(_ name: String) -> Bool { state.withLock { $0.isAll || $0.names.contains(name) } }

  /// Holds one entry, or lets it go.
  func hold(_ name: String, _ isHeld: Bool) {
    state.withLock { state in
      if isHeld { state.names.insert(name) } else { state.names.remove(name) }
    }
  }

  /// Holds all entries, or lets those go that are not held by their name.
  func holdAll(_ isHeld: Bool) { state.withLock { $0.isAll = isHeld } }
}
