import Logging
import MarketData
import Synchronization

/// Delivers encoded events to NATS: the only way out of the house for market data.
///
/// 1. ``start()`` makes a thread that dials, and dials again whenever the link is lost.
/// 2. ``publish(_:)`` copies a batch into a bounded outbox from any thread, and never waits for the network.
/// 3. The thread takes what has gathered, publishes it, and counts it `published` once the server has confirmed it.
///    While there is no link it counts everything `no_nats`.
/// 4. ``shutdown(timeout:)`` publishes the rest, has it confirmed, closes, and ends the thread.
///
/// ```swift
/// let delivery = NATSDelivery(
///   settings: LinkSettings(urls: ["nats://localhost:4222"], clientName: "collector"), logger: logger
/// ) { status in health.update(status) }
/// delivery.start()
/// ```
public final class NATSDelivery: Sendable {
  /// How a shutdown went.
  public struct ShutdownResult: Sendable, Equatable {
    /// Whether the thread has ended within the timeout. When not, it ends by itself after its last deadline.
    public var isComplete: Bool
    /// Events that were written during the life of this delivery and never confirmed.
    public var unconfirmed: UInt64
    /// Events still in the outbox.
    public var abandoned: Int
  }

  private enum Life: Sendable {
    case new(LinkSettings)
    case running(Thread)
    case over
  }

  let shared: DeliveryShared
  /// Dials beside the link have hanging ones of their own: they never use up the link's.
  let diallerBeside = Dialler()
  private let life: Mutex<Life>
  private let exit = Latch()

  /// Creates a delivery that does nothing yet.
  ///
  /// - Parameters:
  ///   - settings: the servers and deadlines.
  ///   - outboxBytes: what may wait in memory; batches beyond it are refused and counted `outbox_full`.
  ///   - logger: gets one line a change of the link.
  ///   - linkChanged: called on the delivery thread after each change of the status; must not block.
  public init(
    settings: LinkSettings, outboxBytes: Int = 64 << 20, logger: Logger,
    linkChanged: @escaping @Sendable (LinkStatus) -> Void
  ) {
    shared = DeliveryShared(outboxBytes: outboxBytes, logger: logger, linkChanged: linkChanged)
    life = Mutex(.new(settings))
  }

  deinit {
    order { $0.stopBy = SystemClock.monotonic() }
    life.withLock { if case .new = $0 { shared.signals.disconnect() } }
  }

  /// Starts dialling and publishing. A second call does nothing.
  public func start() {
    life.withLock { life in
      guard case .new(let settings) = life else { return }
      let thread = Thread(name: "nats-delivery") { [shared, exit] in
        DeliveryLoop(settings: settings, shared: shared).run()
        exit.open()
      }
      guard let thread else {
        shared.logger.error("no thread for NATS delivery could be made; nothing will be delivered")
        return
      }
      life = .running(thread)
    }
  }

  /// Hands over a batch. Any thread; costs a copy under a lock, never I/O. The batch stays the caller's.
  public func publish(_ events: borrowing EncodedEvents) { shared.publish(events) }

  /// Hands over one message that is no market data, such as a heartbeat. At most 256 wait.
  public func publish(subject: String, payload: [UInt8], messageID: String? = nil) {
    shared.publish(Mailbox.Message(subject: subject, payload: payload, messageID: messageID))
  }

  /// What can be said about the link now.
  public var status: LinkStatus { shared.status.withLock { $0 } }

  /// What became of the events so far.
  public var counters: DeliveryCounters { shared.counters.withLock { $0 } }

  /// When the delivery thread last turned, in nanoseconds of `CLOCK_MONOTONIC`; 0 before ``start()``.
  ///
  /// It turns at least once a second, whatever the server does; only a write that blocks on a full socket may take
  /// until ``LinkSettings/writeDeadline``.
  public var lastTurn: Int64 { shared.lastTurn.load(ordering: .relaxed) }

  /// Whether the thread has turned within that time; true before ``start()`` and after the end.
  public func hasTurned(within limit: Duration) -> Bool {
    let last = lastTurn
    guard last > 0, case .running = life.withLock({ $0 }) else { return true }
    return SystemClock.monotonic() &- last <= limit.nanoseconds
  }

  /// Bytes that wait for the thread.
  public var outboxBytesPending: Int { shared.mailbox.withLock { $0.outbox.pendingBytes } }

  /// Events and messages accepted of which it is not known yet what becomes of them: they wait, or are written and not
  /// confirmed.
  public var unsettled: Int { shared.unsettled.load(ordering: .relaxed) }

  /// Has what was published confirmed, drops the connection and dials anew; dials at once when there is none.
  public func reconnect() { order { $0.reconnect = true } }

  /// Moves to other servers: what was published is confirmed first, and new events wait in the outbox meanwhile.
  /// Equal settings change nothing.
  public func replace(settings: LinkSettings) {
    let isWaiting = life.withLock { life in
      guard case .new = life else { return false }
      life = .new(settings)
      return true
    }
    if !isWaiting { order { $0.replacement = settings } }
  }

  /// Publishes what waits, has it confirmed, closes and ends the thread; never takes longer than the timeout.
  public func shutdown(timeout: Duration) async -> ShutdownResult {
    let thread: Thread? = life.withLock { life in
      defer { life = .over }
      if case .running(let thread) = life { return thread }
      return nil
    }
    if let thread {
      order { $0.stopBy = SystemClock.monotonic() &+ timeout.nanoseconds }
      let hasEnded = await exit.wait(timeout: timeout)
      if hasEnded { thread.join() } else { thread.detach() }
      return result(isComplete: hasEnded)
    }
    shared.mailbox.withLock { $0.isClosed = true }
    shared.signals.disconnect()
    return result(isComplete: true)
  }

  private func result(isComplete: Bool) -> ShutdownResult {
    ShutdownResult(
      isComplete: isComplete, unconfirmed: counters.total(.unconfirmed),
      abandoned: shared.mailbox.withLock { $0.outbox.pendingCount })
  }

  private func order(_ change: (inout Mailbox.Orders) -> Void) {
    shared.mailbox.update { box in
      change(&box.orders)
      return true
    }
  }
}
