/// Asks the server for confirmations on a thread of its own, so that publishing goes on while an answer is under way.
final class FlushProbe: Sendable {
  /// The answer to one mark.
  struct Answer: Sendable {
    var mark: UInt64
    /// Nil when everything before the mark is confirmed.
    var failure: LinkFailure?
  }

  private struct Request: Sendable {
    var connection: NATSConnection
    var mark: UInt64
    var timeout: Duration
  }

  private struct State: Sendable {
    var request: Request?
    var answer: Answer?
    var isOver = false
  }

  private let state = ConditionMutex(State())

  /// Starts the thread; nil when the system has none left. `answered` runs on it.
  func start(answered: @escaping @Sendable () -> Void) -> Thread? {
    Thread(name: "nats-confirm") { [self] in
      while let request = next() {
        var failure: LinkFailure?
        do throws(LinkFailure) { try request.connection.flush(timeout: request.timeout) } catch { failure = error }
        let answer = Answer(mark: request.mark, failure: failure)
        state.withLock { $0.answer = answer }
        answered()
      }
    }
  }

  /// Asks for the confirmation of everything written before now. A request not yet begun is replaced.
  func ask(_ connection: NATSConnection, mark: UInt64, timeout: Duration) {
    let request = Request(connection: connection, mark: mark, timeout: timeout)
    state.update {
      $0.request = request
      return true
    }
  }

  /// The answer that arrived since the last call.
  func takeAnswer() -> Answer? {
    state.withLock { state in
      defer { state.answer = nil }
      return state.answer
    }
  }

  /// Ends the thread after the request under way; closing its connection cuts that short.
  func stop() {
    state.update {
      $0.isOver = true
      $0.request = nil
      return true
    }
  }

  private func next() -> Request? {
    while true {
      // The deadline is a formality; an hour without a request is nothing to act on.
      let hour = SystemClock.monotonic() &+ 3_600_000_000_000
      let (request, isOver) = state.wait(until: hour, for: { $0.isOver || $0.request != nil }) { state in
        defer { state.request = nil }
        return (state.request, state.isOver)
      }
      if isOver { return nil }
      if let request { return request }
    }
  }
}
