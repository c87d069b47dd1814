import NIOCore

/// When to ping a client and when to give it up. Pure: told the time, it says what to do.
package struct ServerHeartbeat: Sendable {
  package enum Action: Sendable, Equatable {
    case nothing
    case ping(payload: [UInt8])
    case timeout
  }

  private static let maximumUnanswered = 1024

  private let interval: TimeAmount
  private let timeout: TimeAmount
  private var lastPing: NIODeadline
  /// Pings without an answer, oldest first.
  private var unanswered: [(sent: NIODeadline, payload: [UInt8])] = []

  package init(interval: TimeAmount, timeout: TimeAmount, now: NIODeadline) {
    self.interval = interval
    self.timeout = timeout
    lastPing = now
  }

  /// `interval` overrides the one given at the start.
  package mutating func tick(now: NIODeadline, interval override: TimeAmount?) -> Action {
    if let oldest = unanswered.first, now - oldest.sent >= timeout { return .timeout }
    guard now - lastPing >= override ?? interval else { return .nothing }
    lastPing = now
    let payload = Array(String(now.uptimeNanoseconds / 1_000_000).utf8)
    if unanswered.count < Self.maximumUnanswered { unanswered.append((now, payload)) }
    return .ping(payload: payload)
  }

  /// Whether a pong answers a ping, and with it those before; other pongs are allowed and mean nothing.
  package mutating func received(_ pong: [UInt8]) -> Bool {
    guard let index = unanswered.lastIndex(where: { $0.payload == pong }) else { return false }
    unanswered.removeFirst(index + 1)
    return true
  }

  package mutating func forgive() { unanswered.removeAll() }
}

/// Counts a client's messages in the running second.
package struct MessageRate: Sendable {
  private var windowStart = NIODeadline.uptimeNanoseconds(0)
  private var messages = 0

  package init() {}

  /// Counts one message and tells whether it is one too many.
  package mutating func exceeds(_ limit: Int, now: NIODeadline) -> Bool {
    if now - windowStart >= .seconds(1) {
      windowStart = now
      messages = 0
    }
    messages += 1
    return messages > limit
  }
}
