import Synchronization

/// Runs `work` and waits for it until `limit` is over.
///
/// Unlike a task group this returns at the deadline even when `work` does not heed its cancellation; its late result is
/// dropped.
///
/// - Returns: what `work` gave, or nil when the time was over or the caller was cancelled first.
package func withDeadline<Value: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async -> Value
) async -> Value? {
  let race = Race<Value>()
  let worker = Task { race.finish(await work()) }
  let timer = Task {
    try? await Task.sleep(for: limit)
    race.finish(nil)
  }
  let value = await withTaskCancellationHandler {
    await withCheckedContinuation { race.attach($0) }
  } onCancel: {
    race.finish(nil)
  }
  timer.cancel()
  worker.cancel()
  return value
}

/// Whoever comes first decides.
private final class Race<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Value?, Never>)
    case decided(Value?)
  }
  private let state = Mutex(State.open)

  func attach(_ continuation: CheckedContinuation<Value?, Never>) {
    let decided: Value?? = state.withLock { state in
      if case .decided(let value) = state { return .some(value) }
      state = .waiting(continuation)
      return .none
    }
    if case .some(let value) = decided { continuation.resume(returning: value) }
  }

  func finish(_ value: Value?) {
    let continuation: CheckedContinuation<Value?, Never>? = state.withLock { state in
      switch state {
      case .open:
        state = .decided(value)
        return nil
      case .waiting(let continuation):
        state = .decided(value)
        return continuation
      case .decided:
        return nil
      }
    }
    continuation?.resume(returning: value)
  }
}
