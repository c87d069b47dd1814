/// One symbol's order flow with the streams that are listened to.
struct InstrumentLane: Sendable {
  private(set) var flow: OrderFlow
  let market: SimulatedMarket
  let streamSymbol: String
  private var bookTicker: String?
  private var trade: String?
  private var aggregateTrade: String?
  private var depth: [(stream: String, window: DepthWindow)] = []
  private var events: [FlowEvent] = []

  init(flow: OrderFlow) {
    self.flow = flow
    market = flow.instrument.market
    streamSymbol = flow.instrument.streamSymbol
  }

  mutating func setInterest(_ streams: Set<StreamName>) {
    bookTicker = streams.first { $0.kind == .bookTicker }?.text
    trade = streams.first { $0.kind == .trade }?.text
    aggregateTrade = streams.first { $0.kind == .aggregateTrade }?.text
    depth.removeAll { entry in !streams.contains { $0.text == entry.stream } }
    for stream in streams {
      // A running window is left alone: its chain of ids must not break for those who already listen.
      guard case .depth(let speed) = stream.kind, !depth.contains(where: { $0.stream == stream.text }) else { continue }
      depth.append((stream.text, DepthWindow(speed: speed, after: flow.book.lastUpdateID)))
    }
  }

  mutating func placeOrder(time: Int, into frames: inout [MarketFrame]) {
    events.removeAll(keepingCapacity: true)
    flow.placeOrder(into: &events)
    render(time: time, into: &frames)
  }

  /// Sends the depth windows that are due, after a change of the best price if this is to be a checkpoint.
  mutating func endTick(milliseconds: Int, checkpoint: Bool, time: Int, into frames: inout [MarketFrame]) {
    if checkpoint {
      events.removeAll(keepingCapacity: true)
      flow.touchBest(into: &events)
      render(time: time, into: &frames)
    }
    for index in depth.indices {
      let speed = depth[index].window.speed
      guard speed == 0 || milliseconds % speed == 0, let diff = depth[index].window.take() else { continue }
      let payload = BinanceFrames.depthUpdate(diff, of: flow.instrument, time: time)
      frames.append(MarketFrame(market: market, stream: depth[index].stream, isDepth: true, payload: payload))
    }
  }

  private mutating func render(time: Int, into frames: inout [MarketFrame]) {
    for event in events {
      switch event {
      case .level(let change):
        for index in depth.indices { depth[index].window.add(change) }
      case .best(let quote):
        emit(bookTicker, into: &frames) { BinanceFrames.bookTicker(quote, of: $0, time: time) }
      case .trade(let fill):
        emit(trade, into: &frames) { BinanceFrames.trade(fill, of: $0, time: time) }
      case .aggregate(let fills):
        emit(aggregateTrade, into: &frames) { BinanceFrames.aggregateTrade(fills, of: $0, time: time) }
      }
    }
  }

  private func emit(_ stream: String?, into frames: inout [MarketFrame], _ render: (SimulatedInstrument) -> [UInt8]) {
    guard let stream else { return }
    frames.append(MarketFrame(market: market, stream: stream, isDepth: false, payload: render(flow.instrument)))
  }
}
