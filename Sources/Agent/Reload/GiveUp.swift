import Synchronization

/// Waiting that ends, whatever becomes of what is waited for.
enum GiveUp {
  /// Runs an operation and waits for it for a limited time. A task group would not do: it waits for its children.
  ///
  /// - Parameters:
  ///   - limit: how long to wait. Then the operation is cancelled and may go on by itself.
  ///   - late: gets what the operation returns after that, to close it.
  /// - Returns: nil when the time was over.
  static func after<Value: Sendable>(
    _ limit: Duration, late: @escaping @Sendable (Value) async -> Void = { _ in },
    _ operation: @escaping @Sendable () async -> Value
  ) async -> Value? {
    let once = Once<Value>()
    return await withCheckedContinuation { continuation in
      once.arm(continuation)
      let work = Task {
        let value = await operation()
        if !once.resume(returning: value) { await late(value) }
      }
      let clock = Task {
        try? await Task.sleep(for: limit)
        if once.resume(returning: nil) { work.cancel() }
      }
      once.whenOver { clock.cancel() }
    }
  }

  /// Whoever comes first resumes.
  private final class Once<Value: Sendable>: Sendable {
    private struct State {
      var continuation: CheckedContinuation<Value?, Never>?
      var isOver = false
      var end: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func arm(_ continuation: CheckedContinuation<Value?, Never>) {
      state.withLock { $0.continuation = continuation }
    }

    func whenOver(_ end: @escaping @Sendable () -> Void) {
      let isOver = state.withLock { state in
        if !state.isOver { state.end = end }
        return state.isOver
      }
      if isOver { end() }
    }

    /// Says whether it was the first.
    func resume(returning value: Value?) -> Bool {
      let (continuation, end) = state.withLock { state in
        defer {
          state.continuation = nil
          state.end = nil
          state.isOver = true
        }
        return (state.continuation, state.end)
      }
      continuation?.resume(returning: value)
      end?()
      return continuation != nil
    }
  }
}
