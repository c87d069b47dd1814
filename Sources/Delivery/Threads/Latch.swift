import Synchronization

/// Something that happens once, awaited without blocking a thread of Swift's pool.
final class Latch: Sendable {
  private struct State {
    var isOpen = false
    var nextID = 0
    var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
  }

  private let state = Mutex(State())

  /// It has happened. A second call does nothing.
  func open() {
    let waiting = state.withLock { state in
      defer { state.waiting = [:] }
      state.isOpen = true
      return state.waiting
    }
    for continuation in waiting.values { continuation.resume(returning: true) }
  }

  /// Waits for it, at most so long.
  ///
  /// - Returns: whether it has happened.
  func wait(timeout: Duration) async -> Bool {
    await withCheckedContinuation { continuation in
      let id: Int? = state.withLock { state in
        if state.isOpen { return nil }
        state.nextID += 1
        state.waiting[state.nextID] = continuation
        return state.nextID
      }
      guard let id else { return continuation.resume(returning: true) }
      Task {
        try? await Task.sleep(for: timeout)
        let late = state.withLock { $0.waiting.removeValue(forKey: id) }
        late?.resume(returning: false)
      }
    }
  }
}
