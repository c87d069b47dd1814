import Logging
import MarketData
import Synchronization

/// What the delivery thread and its callers share.
final class DeliveryShared: Sendable {
  let mailbox: ConditionMutex<Mailbox>
  let counters = Mutex(DeliveryCounters())
  let status: Mutex<LinkStatus>
  /// When the delivery thread last showed that it turns, on the monotonic clock; 0 before its start.
  let lastTurn = Atomic<Int64>(0)
  /// Events and messages accepted whose outcome is not known yet.
  let unsettled = Atomic<Int>(0)
  let logger: Logger
  /// What the client library's callbacks of every connection report to, and the same as a number for its options.
  let signals: LinkSignals
  let closureBits: UInt
  let linkChanged: @Sendable (LinkStatus) -> Void

  init(outboxBytes: Int, logger: Logger, linkChanged: @escaping @Sendable (LinkStatus) -> Void) {
    mailbox = ConditionMutex(Mailbox(capacity: outboxBytes))
    status = Mutex(LinkStatus(state: .off, since: SystemClock.wall()))
    self.logger = logger
    self.linkChanged = linkChanged
    signals = LinkSignals(waking: mailbox)
    closureBits = UInt(bitPattern: signals.immortalPointer())
  }

  /// The delivery thread turns.
  func beat() { lastTurn.store(SystemClock.monotonic(), ordering: .relaxed) }

  /// Counts what became of events that were accepted.
  func count(_ tally: Tally, _ outcome: DeliveryCounters.Outcome) {
    guard !tally.isEmpty else { return }
    counters.withLock { $0.add(tally, outcome) }
    unsettled.subtract(tally.total, ordering: .relaxed)
  }

  /// Counts what was not accepted.
  private func refuse(_ tally: Tally, _ outcome: DeliveryCounters.Outcome) {
    counters.withLock { $0.add(tally, outcome) }
  }

  /// Copies a batch into the outbox and wakes the thread if it sleeps; counts it when that is not possible.
  func publish(_ events: borrowing EncodedEvents) {
    guard events.count > 0 else { return }
    var refusal: DeliveryCounters.Outcome?
    mailbox.update { box in
      if box.isClosed {
        refusal = .noNATS
        return false
      }
      guard box.outbox.append(events) else {
        refusal = .outboxFull
        return true
      }
      unsettled.add(events.count, ordering: .relaxed)
      return box.isListening || box.outbox.isHalfFull
    }
    if let refusal { refuse(Tally(events), refusal) }
  }

  /// Takes one message off the hot path.
  func publish(_ message: Mailbox.Message) {
    var refusal: DeliveryCounters.Outcome?
    mailbox.update { box in
      refusal =
        box.isClosed ? .noNATS : box.orders.messages.count >= Mailbox.messageLimit ? .outboxFull : nil
      if refusal == nil {
        box.orders.messages.append(message)
        unsettled.add(1, ordering: .relaxed)
      }
      return true
    }
    if let refusal { refuse(Tally(message), refusal) }
  }

  /// Asks the delivery thread for one step of a switch; of a thread that has ended nothing is to be waited for.
  ///
  /// At most two orders a candidate ever come here, since a candidate takes each step once.
  func order(_ order: SwitchOrder) {
    var isOver = false
    mailbox.update { box in
      isOver = box.isClosed
      if !isOver { box.orders.switches.append(order) }
      return true
    }
    if isOver { order.done.open() }
  }
}

extension Tally {
  init(_ message: Mailbox.Message) {
    self.init()
    add(row: DeliveryCounters.otherRow, bytes: message.payload.count)
  }
}
