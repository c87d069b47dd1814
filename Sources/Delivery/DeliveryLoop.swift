import Logging
import MarketData

/// What the delivery thread does: sleep in the mailbox, carry out the link's actions, publish, have it confirmed.
///
/// Confined to its thread. Blocks at most for one dial, one write deadline or one flush timeout at a time.
final class DeliveryLoop {
  /// Events between two looks at the clock while a large batch is published.
  private static let eventsPerLook = 256

  let shared: DeliveryShared
  private let probe = FlushProbe()
  private let writer = MessageWriter()
  private let dialler = Dialler()
  var settings: LinkSettings
  var servers: [ServerAddress]
  var machine: LinkStateMachine
  var connection: NATSConnection?
  var inFlight = InFlight()
  /// What was in use before a switch that is not final yet.
  var former: FormerLink?
  private var batch = EncodedEvents()
  private var generator = SystemRandomNumberGenerator()
  private var reportedServerErrors: UInt64 = 0

  // Points in time on the monotonic clock.
  var retryAt = Int64.max
  var markAt: Int64 = 0
  private var gatherUntil: Int64 = 0
  private var stopBy: Int64?

  init(settings: LinkSettings, shared: DeliveryShared) {
    self.settings = settings
    self.shared = shared
    servers = settings.urls.map(ServerAddress.init)
    machine = LinkStateMachine(serverCount: servers.count, backoff: settings.backoff, now: SystemClock.wall())
  }

  /// Runs until it is told to stop.
  func run() {
    let probing = probe.start { [signals = shared.signals] in signals.wake() }
    perform(machine.start(now: SystemClock.wall()))
    while stopBy == nil {
      let orders = receive()
      shared.beat()
      lookAtConnection()
      takeAnswer()
      publish(orders.messages)
      publishBatch()
      carryOut(orders)
      if SystemClock.monotonic() >= retryAt {
        retryAt = .max
        perform(machine.retryDue(now: SystemClock.wall()))
      }
      askForConfirmation(SystemClock.monotonic())
    }
    perform(machine.stop(now: SystemClock.wall()))
    former?.connection?.close()
    probe.stop()
    probing?.join()
    shared.signals.disconnect()
  }

  private func receive() -> Mailbox.Orders {
    let now = SystemClock.monotonic()
    let isGathering = now < gatherUntil
    var deadline = min(retryAt, now &+ 1_000_000_000)
    if isGathering { deadline = min(deadline, gatherUntil) }
    if inFlight.wantsMark { deadline = min(deadline, max(now, markAt)) }
    return shared.mailbox.wait(
      until: deadline,
      for: { box in
        box.isListening = !isGathering
        return !box.orders.isEmpty || box.outbox.isHalfFull || (!isGathering && !box.outbox.isEmpty)
      },
      then: { box in
        let orders = box.orders
        box.orders = Mailbox.Orders()
        // From here on nothing is accepted, so that what is taken now is the last.
        if orders.stopBy != nil { box.isClosed = true }
        box.outbox.take(into: &batch)
        return orders
      })
  }

  private func carryOut(_ orders: Mailbox.Orders) {
    for order in orders.switches { carryOut(order) }
    if let replacement = orders.replacement, replacement != settings {
      settings = replacement
      servers = replacement.urls.map(ServerAddress.init)
      retryAt = .max
      perform(
        machine.replaceServers(count: servers.count, backoff: replacement.backoff, now: SystemClock.wall()))
    } else if orders.reconnect {
      retryAt = .max
      perform(machine.reconnect(now: SystemClock.wall()))
      if machine.state == .down, retryAt == .max { retryAt = SystemClock.monotonic() }
    }
    stopBy = orders.stopBy
  }
}

// MARK: - The link

extension DeliveryLoop {
  func perform(_ actions: [LinkStateMachine.Action]) {
    var queue = actions[...]
    while let action = queue.popFirst() {
      switch action {
      case .dial(let server): queue += dial(server)
      case .scheduleRetry(let delay): retryAt = SystemClock.monotonic() &+ delay.nanoseconds
      case .drain: queue += drain()
      case .close: close()
      case .notify: notify()
      }
    }
  }

  private func dial(_ index: Int) -> [LinkStateMachine.Action] {
    guard servers.indices.contains(index) else { return [] }
    // A round over servers that stall takes long; what an operator waits for goes first.
    if shared.mailbox.withLock({ !$0.orders.switches.isEmpty || $0.orders.stopBy != nil }) {
      retryAt = SystemClock.monotonic()
      machine.roundPutOff(now: SystemClock.wall())
      return []
    }
    do throws(LinkFailure) {
      let connection = try dialler.dial(
        servers[index], settings: settings, closureBits: shared.closureBits, waiting: shared.beat)
      self.connection = connection
      shared.status.withLock { $0.maximumPayload = connection.maximumPayload }
      markAt = 0
      return machine.dialled(now: SystemClock.wall())
    } catch {
      shared.logger.debug("dialling NATS failed", metadata: ["reason": "\(error)"])
      return machine.dialFailed(error, now: SystemClock.wall(), using: &generator)
    }
  }

  private func drain() -> [LinkStateMachine.Action] {
    var timeout = settings.flushTimeout
    if let stopBy { timeout = min(timeout, .nanoseconds(max(0, stopBy &- SystemClock.monotonic()))) }
    do throws(LinkFailure) {
      try connection?.flush(timeout: timeout, waiting: shared.beat)
      shared.count(inFlight.confirmAll(), .published)
      return machine.drained(now: SystemClock.wall())
    } catch {
      return machine.lost(error, now: SystemClock.wall(), using: &generator)
    }
  }

  private func close() {
    connection?.close()
    connection = nil
    shared.count(inFlight.giveUp(), .unconfirmed)
  }

  private func lose(_ failure: LinkFailure) {
    perform(machine.lost(explained(failure), now: SystemClock.wall(), using: &generator))
  }

  /// When a write meets its deadline the library closes the socket itself and reports that it was closed. A server
  /// that owed an answer for long by then has stopped answering; one that closes does so at once.
  private func explained(_ failure: LinkFailure) -> LinkFailure {
    guard failure.kind == .closed, inFlight.mark != nil, let connection else { return failure }
    let owedSince = markAt &- settings.confirmationInterval.nanoseconds
    let patience = min(settings.writeDeadline, settings.flushTimeout).nanoseconds / 2
    guard SystemClock.monotonic() &- owedSince >= patience else { return failure }
    return LinkFailure(.timeout, "the server stopped answering (\(connection.server.endpoint))")
  }

  private func lookAtConnection() {
    guard let connection else { return }
    let errors = shared.signals.serverErrors.load(ordering: .relaxed)
    if errors != reportedServerErrors {
      shared.logger.warning(
        "the NATS server reported an error",
        metadata: ["error": "\(connection.lastErrorText)", "count": "\(errors &- reportedServerErrors)"])
      reportedServerErrors = errors
      shared.status.withLock { $0.serverErrors = errors }
    }
    if shared.signals.lameDuck.load(ordering: .acquiring) == connection.identity {
      shared.signals.lameDuck.store(0, ordering: .relaxed)
      perform(machine.lameDuckAnnounced(now: SystemClock.wall()))
    }
    // The announcement may have replaced the connection.
    if let current = self.connection, current.isClosed { lose(current.lossReason) }
  }

  private func notify() {
    let server = servers.indices.contains(machine.server) ? servers[machine.server].redacted : nil
    let status = shared.status.withLock { status in
      status.state = machine.state
      status.serverURL = server
      status.since = machine.since
      status.lastFailure = machine.lastFailure
      status.connects = machine.connects
      status.disconnects = machine.disconnects
      return status
    }
    let level: Logger.Level = status.state == .down ? .warning : .info
    shared.logger.log(
      level: level, "NATS link is \(status.state.rawValue)",
      metadata: [
        "server": "\(server ?? "-")", "reason": "\(status.state == .up ? "-" : status.lastFailure?.text ?? "-")",
      ])
    shared.linkChanged(status)
  }
}

// MARK: - Publishing

extension DeliveryLoop {
  private func publishBatch() {
    guard batch.count > 0 else { return }
    var tooLarge = Tally()
    var refused = Tally()
    var index = 0
    while index < batch.count, let connection, let view = batch.view(at: index) {
      let row = DataTypeRow.of(view.type)
      let bytes = view.payload.count
      let event = MessageWriter.Event(
        subject: view.subject, subjectLength: batch.records[index].subjectLength, messageID: view.messageID,
        messageIDLength: batch.records[index].messageIDLength, payload: view.payload)
      index += 1
      switch writer.publish(event, on: connection) {
      case .written: inFlight.wrote(row: row, bytes: bytes)
      case .tooLarge: tooLarge.add(row: row, bytes: bytes)
      case .refused: refused.add(row: row, bytes: bytes)
      case .broken(let failure):
        refused.add(row: row, bytes: bytes)
        lose(failure)
      }
      if index % Self.eventsPerLook == 0 {
        shared.beat()
        takeAnswer()
        askForConfirmation(SystemClock.monotonic())
      }
    }
    shared.count(tooLarge, .tooLarge)
    shared.count(refused, .failed)
    shared.count(Tally(batch, from: index), .noNATS)
    gatherUntil = SystemClock.monotonic() &+ settings.gatherInterval.nanoseconds
  }

  private func publish(_ messages: [Mailbox.Message]) {
    for message in messages {
      guard let connection else {
        shared.count(Tally(message), .noNATS)
        continue
      }
      switch writer.publish(message, on: connection) {
      case .written: inFlight.wrote(row: DeliveryCounters.otherRow, bytes: message.payload.count)
      case .tooLarge: shared.count(Tally(message), .tooLarge)
      case .refused: shared.count(Tally(message), .failed)
      case .broken(let failure):
        shared.count(Tally(message), .failed)
        lose(failure)
      }
    }
  }

  private func askForConfirmation(_ now: Int64) {
    guard let connection, inFlight.wantsMark, now >= markAt else { return }
    markAt = now &+ settings.confirmationInterval.nanoseconds
    probe.ask(connection, mark: inFlight.setMark(), timeout: settings.flushTimeout)
  }

  private func takeAnswer() {
    guard let answer = probe.takeAnswer(), answer.mark == inFlight.mark else { return }
    if let failure = answer.failure { return lose(failure) }
    shared.count(inFlight.confirm(answer.mark), .published)
  }
}
