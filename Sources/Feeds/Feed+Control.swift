import MarketData
import NIOCore

/// What an operator asks of one exchange entry.
extension Feed {
  /// Whether its connections are kept closed.
  public var isPaused: Bool { sessions.withLock { $0.isPaused } }

  /// Closes all connections and keeps them closed until ``resume()``. Counters and the instruments followed stay, and
  /// instruments may be changed meanwhile. Before ``start()`` it keeps the feed from dialling.
  ///
  /// - Returns: whether that is a change; when it returns the connections are closed.
  @discardableResult
  public func pause() async -> Bool {
    let (changed, running) = sessions.withLock { state in
      defer { state.isPaused = true }
      return (!state.isPaused, state.running)
    }
    for future in running.map({ $0.stop() }) { try? await future.get() }
    return changed
  }

  /// Keeps the feed from dialling from its first moment; for a feed that is not started yet.
  public func holdBeforeStart() { sessions.withLock { $0.isPaused = true } }

  /// Dials again after ``pause()``.
  ///
  /// - Returns: whether that is a change.
  @discardableResult
  public func resume() async -> Bool {
    let running = sessions.withLock { state -> [FeedSession]? in
      guard state.isPaused, !state.isStopped else { return nil }
      state.isPaused = false
      return state.running
    }
    guard let running else { return false }
    // A session that is still closing would not hear the start.
    for future in running.map({ $0.closed() }) { try? await future.get() }
    sessions.withLock { state in
      // A pause that came meanwhile has the last word.
      guard !state.isPaused, !state.isStopped else { return }
      for session in state.running { session.start() }
    }
    return true
  }

  /// Drops every connection and dials again; one that waits to dial does so at once.
  ///
  /// - Returns: the number of connections dropped or dialled.
  public func reconnect() async -> Int {
    var count = 0
    for session in sessions.withLock({ $0.isPaused ? [] : $0.running }) {
      let did = try? await session.loop.submit { session.redial() }.get()
      count += did == true ? 1 : 0
    }
    return count
  }

  /// Throws a book away and asks the exchange for a snapshot to build it from.
  ///
  /// - Returns: whether the book was synchronised until now; nil when none is kept.
  public func resynchronise(_ instrument: Instrument) async -> Bool? {
    for session in runningSessions {
      if let was = try? await session.loop.submit({ session.resynchronise(instrument) }).get() { return was }
    }
    return nil
  }
}
