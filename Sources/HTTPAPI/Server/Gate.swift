import Synchronization

/// Lets at most `limit` callers in at the same time; the others are turned away at once.
final class Gate: Sendable {
  private let inside = Mutex(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Whether the caller is in; who is in must ``leave()``.
  func enter() -> Bool {
    inside.withLock { inside in
      guard inside < limit else { return false }
      inside += 1
      return true
    }
  }

  /// Makes room for the next one.
  func leave() { inside.withLock { $0 -= 1 } }
}
