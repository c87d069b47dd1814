/// The life of one venue session, over any number of connections: a value-type state machine without clock or I/O.
///
/// 1. `start` asks to connect. 2. `opened` begins the watch over staleness and age. 3. `closed`, for whatever reason,
/// backs off and connects again, for ever. 4. `stop` closes and ends in `stopped`, from where `start` begins anew.
///
/// The owner keeps **one** timer: ``SessionAction/schedule(after:)`` replaces whatever was set before. A timer that fires
/// early or late does no harm, the machine compares times itself. `now` is monotonic nanoseconds, whatever their origin.
///
/// Back-off starts over only when a connection delivered data for at least `stableAfter`: a venue that accepts
/// and drops us at once is not hammered.
public struct SessionStateMachine: Sendable {
  /// The limits of a session.
  public struct Configuration: Equatable, Sendable {
    /// Without a frame for this long the connection is closed; nil never.
    public var staleAfter: Duration?
    /// Connections are rotated at between nine tenths of this age and all of it, so that many do not fall
    /// together on the venue's own limit (24 h at Binance); nil never.
    public var maximumAge: Duration?
    /// How long a connection must have delivered data before the back-off starts over.
    public var stableAfter: Duration
    /// The delays between tries.
    public var backoff: Backoff

    /// Limits of a session; the defaults suit a venue that pings every 20 s to 3 min.
    public init(
      staleAfter: Duration? = .seconds(60), maximumAge: Duration? = nil,
      stableAfter: Duration = .seconds(10), backoff: Backoff = Backoff()
    ) {
      self.staleAfter = staleAfter
      self.maximumAge = maximumAge
      self.stableAfter = stableAfter
      self.backoff = backoff
    }
  }

  /// Where the session stands.
  public enum State: String, Equatable, Sendable {
    /// Never started.
    case idle
    /// Dialling.
    case connecting
    /// Connected.
    case open
    /// Connected no longer wanted: waiting for `closed`, then back-off.
    case closing
    /// Waiting to dial again.
    case backingOff = "backing_off"
    /// Stop was asked: waiting for `closed`.
    case stopping
    /// At rest.
    case stopped
  }

  /// Where the session stands.
  public private(set) var state: State = .idle
  /// Connections opened since the machine was made.
  public private(set) var connects: UInt64 = 0
  /// Why the last connection ended.
  public private(set) var lastDisconnect: DisconnectReason?

  private var configuration: Configuration
  private var backoff: Backoff
  private var openedAt: Int64 = 0
  private var lastFrameAt: Int64?
  private var rotateAt: Int64?
  private var retryAt: Int64 = 0

  /// A session that has not been started.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    backoff = configuration.backoff
  }

  /// Tries since the last stable connection.
  public var attempts: Int { backoff.attempts }

  /// Begins, from idle or stopped; ignored in any other state.
  public mutating func start() -> [SessionAction] {
    guard state == .idle || state == .stopped else { return [] }
    backoff.reset()
    state = .connecting
    return [.notify(.connecting(attempt: 0)), .connect]
  }

  /// The connection is up.
  public mutating func opened(now: Int64, using generator: inout some RandomNumberGenerator) -> [SessionAction] {
    guard state == .connecting else { return [] }
    state = .open
    connects &+= 1
    openedAt = now
    lastFrameAt = nil
    rotateAt = configuration.maximumAge.map { age in
      let age = age.clampedNanoseconds
      return now &+ Int64.random(in: (age - age / 10)...age, using: &generator)
    }
    return [.notify(.connected)] + watch(now: now)
  }

  /// A frame, or a burst of them, arrived. Cheap: call it as often as you like.
  public mutating func frameReceived(now: Int64) {
    lastFrameAt = now
  }

  /// The connection is gone, or was never there.
  public mutating func closed(
    _ reason: DisconnectReason, now: Int64, using generator: inout some RandomNumberGenerator
  ) -> [SessionAction] {
    switch state {
    case .idle, .backingOff, .stopped: return []
    case .stopping:
      lastDisconnect = reason
      state = .stopped
      return [.cancelTimer, .notify(.disconnected(reason, retryAfter: nil)), .notify(.stopped)]
    case .connecting, .open, .closing:
      if state != .connecting, deliveredStably { backoff.reset() }
      lastDisconnect = reason
      state = .backingOff
      let delay =
        reason.asksForPatience ? backoff.nextAfterRefusal(using: &generator) : backoff.next(using: &generator)
      retryAt = now &+ delay.clampedNanoseconds
      return [.notify(.disconnected(reason, retryAfter: delay)), .schedule(after: delay)]
    }
  }

  /// The timer fired.
  public mutating func timer(now: Int64) -> [SessionAction] {
    switch state {
    case .idle, .connecting, .closing, .stopping, .stopped: return []
    case .backingOff:
      guard now >= retryAt else { return [.schedule(after: .nanoseconds(retryAt &- now))] }
      state = .connecting
      return [.notify(.connecting(attempt: backoff.attempts)), .connect]
    case .open: return watch(now: now)
    }
  }

  /// Gives the open connection up and connects anew, through the back-off; ignored in any other state.
  public mutating func reconnect(_ reason: DisconnectReason) -> [SessionAction] {
    guard state == .open else { return [] }
    state = .closing
    return [.cancelTimer, .close(reason)]
  }

  /// Other limits from now on; a connection that is stale by them is closed at once. How many tries there were stays.
  public mutating func reconfigure(_ new: Configuration, now: Int64) -> [SessionAction] {
    guard new != configuration else { return [] }
    let isSameAge = new.maximumAge == configuration.maximumAge
    configuration = new
    backoff = backoff.with(limitsOf: new.backoff)
    guard state == .open else { return [] }
    if !isSameAge { rotateAt = new.maximumAge.map { openedAt &+ $0.clampedNanoseconds } }
    let actions = watch(now: now)
    return actions.isEmpty ? [.cancelTimer] : actions
  }

  /// As ``reconnect(_:)`` while open; dials at once while waiting to; ignored in any other state.
  public mutating func redial(_ reason: DisconnectReason) -> [SessionAction] {
    guard state == .backingOff else { return reconnect(reason) }
    state = .connecting
    return [.cancelTimer, .notify(.connecting(attempt: backoff.attempts)), .connect]
  }

  /// Ends the session.
  public mutating func stop() -> [SessionAction] {
    switch state {
    case .stopping, .stopped: return []
    case .idle, .backingOff:
      state = .stopped
      return [.cancelTimer, .notify(.stopped)]
    case .closing:
      state = .stopping
      return []
    case .connecting, .open:
      state = .stopping
      return [.cancelTimer, .close(.closedByUs)]
    }
  }

  private var deliveredStably: Bool {
    guard let lastFrameAt else { return false }
    return lastFrameAt &- openedAt >= configuration.stableAfter.clampedNanoseconds
  }

  /// Closes a connection that is stale or too old, or sets the timer to when it would be.
  private mutating func watch(now: Int64) -> [SessionAction] {
    let staleAt = configuration.staleAfter.map { (lastFrameAt ?? openedAt) &+ $0.clampedNanoseconds }
    if let staleAt, now >= staleAt { return reconnect(.staleTimeout) }
    if let rotateAt, now >= rotateAt { return reconnect(.maximumAge) }
    guard let next = [staleAt, rotateAt].compactMap({ $0 }).min() else { return [] }
    return [.schedule(after: .nanoseconds(next &- now))]
  }
}
