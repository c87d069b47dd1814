/// Dials with a deadline that holds.
///
/// libnats 3.4.1 bounds connecting and the wait for the server's greeting, but not the wait for the answer to its own
/// first ping: against a server that stalls in between, `natsConnection_Connect` never returns and offers nothing to
/// cut it short. So each dial has a thread of its own, which is left behind when the deadline is over; what it brings
/// home later is closed. At most ``abandonedLimit`` are left behind at a time.
final class Dialler: Sendable {
  static let abandonedLimit = 8
  /// Beyond the connect timeout, for the library's own deadlines to speak first: their reasons are better.
  static let allowance: Int64 = 500_000_000

  private enum Outcome: Sendable {
    case underWay
    case made(NATSConnection)
    case failed(LinkFailure)
    case abandoned
  }

  private let abandoned = ConditionMutex(0)

  /// Connects to one server; blocks a little longer than the connect timeout at most, and calls `waiting` before each
  /// half second of it.
  func dial(
    _ server: ServerAddress, settings: LinkSettings, closureBits: UInt, waiting: () -> Void
  ) throws(LinkFailure) -> NATSConnection {
    guard abandoned.withLock({ $0 }) < Self.abandonedLimit else {
      throw LinkFailure(.timeout, "\(Self.abandonedLimit) dials hang in the client library (\(server.endpoint))")
    }
    let outcome = ConditionMutex(Outcome.underWay)
    let thread = Thread(name: "nats-dial") { [abandoned] in
      let result = Self.connect(server, settings: settings, closureBits: closureBits)
      outcome.update { value in
        if case .abandoned = value {
          abandoned.withLock { $0 -= 1 }
        } else {
          value = result
        }
        return true
      }
    }
    guard let thread else { throw LinkFailure(.protocolError, "no thread for dialling could be made") }
    let result = wait(
      for: outcome, until: SystemClock.monotonic() &+ settings.connectTimeout.nanoseconds &+ Self.allowance,
      waiting: waiting)
    thread.detach()
    switch result {
    case .made(let connection): return connection
    case .failed(let failure): throw failure
    case .underWay, .abandoned: throw LinkFailure(.timeout, "no answer in time (\(server.endpoint))")
    }
  }

  private func wait(for outcome: ConditionMutex<Outcome>, until deadline: Int64, waiting: () -> Void) -> Outcome {
    while true {
      waiting()
      let now = SystemClock.monotonic()
      let result = outcome.wait(
        until: min(deadline, now &+ 500_000_000), for: { if case .underWay = $0 { false } else { true } },
        then: { value in
          if case .underWay = value, SystemClock.monotonic() >= deadline {
            value = .abandoned
            abandoned.withLock { $0 += 1 }
          }
          return value
        })
      if case .underWay = result { continue }
      return result
    }
  }

  private static func connect(_ server: ServerAddress, settings: LinkSettings, closureBits: UInt) -> Outcome {
    guard let closure = UnsafeMutableRawPointer(bitPattern: closureBits) else {
      return .failed(LinkFailure(.protocolError, "no place for callbacks"))
    }
    do throws(LinkFailure) {
      return .made(try NATSConnection.dial(server, settings: settings, closure: closure))
    } catch {
      return .failed(error)
    }
  }
}
