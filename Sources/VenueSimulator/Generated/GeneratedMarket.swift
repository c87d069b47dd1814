/// Every generated symbol, and the frames that its subscribers are owed. Driven by ticks; does no I/O.
package struct GeneratedMarket: Sendable {
  /// Milliseconds of market time in a tick.
  package static let tickMilliseconds = 10
  /// Every symbol ends a depth window with a change of its best price this often, so that checkpoints exist.
  package static let checkpointMilliseconds = 500

  private var lanes: [InstrumentLane]
  private var laneOfOrder: [Int] = []
  private var random: SeededGenerator
  private var milliseconds = 0
  private var ordersSinceCheckpoint = 0

  package init(seed: UInt64, instruments: [SimulatedInstrument] = SimulatedInstrument.all) {
    random = SeededGenerator(seed: seed)
    lanes = []
    for (index, instrument) in instruments.enumerated() {
      lanes.append(InstrumentLane(flow: OrderFlow(instrument: instrument, seed: random.next())))
      laneOfOrder += Array(repeating: index, count: max(1, instrument.weight))
    }
  }

  /// Whether a stream exists.
  package func serves(_ stream: StreamName, market: SimulatedMarket) -> Bool {
    stream.kind != .other && lanes.contains { $0.market == market && $0.streamSymbol == stream.symbol }
  }

  /// Renders only what somebody is subscribed to.
  package mutating func setInterest(_ streams: Set<StreamName>, market: SimulatedMarket) {
    for index in lanes.indices where lanes[index].market == market {
      let symbol = lanes[index].streamSymbol
      lanes[index].setInterest(streams.filter { $0.symbol == symbol })
    }
  }

  /// Lets `orders` orders happen in one tick and appends the frames they give.
  package mutating func tick(orders: Int, time: Int, into frames: inout [MarketFrame]) {
    milliseconds &+= Self.tickMilliseconds
    for _ in 0..<max(0, orders) where !laneOfOrder.isEmpty {
      lanes[laneOfOrder[random.below(laneOfOrder.count)]].placeOrder(time: time, into: &frames)
    }
    ordersSinceCheckpoint += max(0, orders)
    let checkpoint = ordersSinceCheckpoint > 0 && milliseconds % Self.checkpointMilliseconds == 0
    if checkpoint { ordersSinceCheckpoint = 0 }
    for index in lanes.indices {
      lanes[index].endTick(milliseconds: milliseconds, checkpoint: checkpoint, time: time, into: &frames)
    }
  }

  /// A REST depth snapshot; nil for a symbol that does not exist.
  package func snapshot(market: SimulatedMarket, symbol: String, limit: Int, stale: Bool, time: Int) -> [UInt8]? {
    guard let flow = flow(market: market, symbol: symbol) else { return nil }
    return BinanceFrames.snapshot(
      stale ? flow.genesis : flow.book, market: market, format: flow.instrument.format, limit: limit, time: time)
  }

  /// The order flow of a symbol, nil when it does not exist.
  package func flow(market: SimulatedMarket, symbol: String) -> OrderFlow? {
    lanes.first { $0.market == market && $0.flow.instrument.symbol == symbol }?.flow
  }
}
