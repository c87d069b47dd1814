import Synchronization

/// What other threads may look at or change while the event loop runs.
final class SharedState: Sendable {
  let market: Mutex<GeneratedMarket>
  let recordedBooks = Mutex<[String: RecordedBook]>([:])
  let recordedMarket: SimulatedMarket?
  let statistics = Mutex(SimulatorStatistics())
  let faults: Mutex<FaultPlan>
  let eventsPerSecond: Atomic<Int>

  init(configuration: SimulatorConfiguration, recordedMarket: SimulatedMarket?) {
    market = Mutex(GeneratedMarket(seed: configuration.seed))
    self.recordedMarket = recordedMarket
    faults = Mutex(FaultPlan(configuration.faults))
    eventsPerSecond = Atomic(configuration.eventsPerSecond)
  }

  func count(_ change: (inout SimulatorStatistics) -> Void) {
    statistics.withLock { change(&$0) }
  }

  func countFault(_ name: String, by number: Int = 1) {
    statistics.withLock { $0.faults[name, default: 0] += number }
  }

  func setFaults(_ faults: [Fault]) {
    self.faults.withLock { $0 = FaultPlan(faults, generation: $0.generation &+ 1) }
  }

  func truth(market: SimulatedMarket, symbol: String) -> TrueBook? {
    if let recordedMarket {
      guard market == recordedMarket else { return nil }
      return recordedBooks.withLock { $0[symbol] }.map { TrueBook($0.book, format: $0.format) }
    }
    let flow = self.market.withLock { $0.flow(market: market, symbol: symbol) }
    return flow.map { TrueBook($0.book, format: $0.instrument.format) }
  }
}
