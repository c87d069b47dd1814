/// Decides when to ping and when to give up: a value-type state machine without clock or I/O.
///
/// Anything received after a ping proves the peer alive, not only its pong, which may wait behind megabytes of data.
package struct WebSocketKeepAlive {
  package enum Action: Equatable {
    /// Ping, then ask again after so many nanoseconds.
    case ping(next: Int64)
    /// Ask again after so many nanoseconds.
    case wait(Int64)
    /// The peer is gone.
    case timedOut
  }

  private let interval: Int64
  private let timeout: Int64
  private var pingedAt: Int64?

  /// - Parameters: Nanoseconds, both at least one millisecond.
  package init(interval: Int64, timeout: Int64) {
    self.interval = max(interval, 1_000_000)
    self.timeout = max(timeout, 1_000_000)
  }

  /// - Parameters:
  ///   - now: Monotonic nanoseconds.
  ///   - lastReceived: When bytes were read last, on the same clock.
  package mutating func tick(now: Int64, lastReceived: Int64) -> Action {
    guard let pingedAt else {
      self.pingedAt = now
      return .ping(next: min(interval, timeout))
    }
    let sincePing = now &- pingedAt
    if lastReceived <= pingedAt {
      return sincePing >= timeout ? .timedOut : .wait(timeout &- sincePing)
    }
    guard sincePing >= interval else { return .wait(interval &- sincePing) }
    self.pingedAt = now
    return .ping(next: min(interval, timeout))
  }
}
