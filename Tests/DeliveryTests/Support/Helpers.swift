import Delivery
import Logging
import MarketData
import Synchronization

/// Waits for a condition with a deadline; returns whether it came true.
func eventually(within limit: Duration = .seconds(15), _ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + limit
  while !condition() {
    if ContinuousClock.now >= deadline { return false }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return true
}

/// Adds one event to a batch.
func add(
  to batch: inout EncodedEvents, _ payload: String, subject: String = "trade.binance.spot.BTC-USDT",
  id: String = "trade:binance:spot:BTC-USDT:1", type: DataType = .trade
) {
  batch.begin(type: type)
  batch.writer.append(text: subject)
  batch.endSubject()
  batch.writer.append(text: id)
  batch.endMessageID()
  batch.writer.append(text: payload)
  batch.finish()
}

/// A batch of numbered trades.
func trades(_ numbers: Range<Int>) -> EncodedEvents {
  var batch = EncodedEvents()
  for number in numbers { add(to: &batch, #"{"trade_id":"\#(number)"}"#, id: "trade:\(number)") }
  return batch
}

/// Keeps every line logged, for tests on what must not be in it.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
  }
}

/// A started delivery with fast back-off, and the states it went through.
final class Fixture: Sendable {
  let delivery: NATSDelivery
  let log = LogLines()
  private let seen: SeenStates

  private final class SeenStates: Sendable {
    let states = Mutex<[LinkStatus.State]>([])
  }

  init(_ urls: [String], outboxBytes: Int = 64 << 20, change: (inout LinkSettings) -> Void = { _ in }) {
    var settings = LinkSettings(urls: urls, clientName: "delivery-tests")
    settings.backoff = Backoff(initial: .milliseconds(50), maximum: .milliseconds(200))
    change(&settings)
    let seen = SeenStates()
    self.seen = seen
    delivery = NATSDelivery(settings: settings, outboxBytes: outboxBytes, logger: log.logger) { status in
      seen.states.withLock { $0.append(status.state) }
    }
    delivery.start()
  }

  var states: [LinkStatus.State] { seen.states.withLock { $0 } }

  func becomes(_ state: LinkStatus.State, within limit: Duration = .seconds(15)) async -> Bool {
    await eventually(within: limit) { delivery.status.state == state }
  }

  func counts(_ count: UInt64, _ outcome: DeliveryCounters.Outcome) async -> Bool {
    await eventually { delivery.counters.total(outcome) >= count }
  }
}
