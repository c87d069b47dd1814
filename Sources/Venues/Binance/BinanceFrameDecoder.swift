import MarketData

/// Decodes frames of Binance spot, USD-M and COIN-M: combined (`{"stream","data"}`) and raw, answers to requests, and
/// REST snapshots.
public final class BinanceFrameDecoder: FrameDecoder {
  private let market: MarketType
  private var symbols: SymbolTable
  /// Whether symbols that were not announced are added as they come; for recordings, never for live sessions.
  private let learnsSymbols: Bool

  /// Creates a decoder for one connection.
  public init(market: MarketType, instruments: [Instrument], learnsSymbols: Bool = false) {
    self.market = market
    self.learnsSymbols = learnsSymbols
    symbols = SymbolTable(instruments.map(\.venueSymbol))
    super.init(instruments: instruments, messageNames: BinanceEventName.table.map(\.counted))
  }

  public override func decode(
    _ frame: UnsafeRawBufferPointer, into batch: inout EventBatch
  ) throws(DecodeFailure) -> FrameKind {
    batch.removeAll()
    guard let base = frame.baseAddress else { throw DecodeFailure(.malformedJSON, field: "frame") }
    guard UTF8Check.isValid(frame) else { throw DecodeFailure(.invalidUTF8, field: "frame") }
    let start = base.assumingMemoryBound(to: UInt8.self)
    var scanner = JSONScanner(start, end: start + frame.count)
    if let event = try combinedEvent(&scanner, &batch.levels) {
      guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "frame") }
      return try finish(event, &batch)
    }
    scanner.rewind(to: start)
    if let answer = try answer(&scanner) { return answer }
    scanner.rewind(to: start)
    let event = try scanner.binanceEvent(levels: &batch.levels, symbol: lookUp)
    guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "frame") }
    return try finish(event, &batch)
  }

  public override func decodeSnapshot(
    _ body: UnsafeRawBufferPointer, levels: inout LevelBuffer
  ) throws(DecodeFailure) -> DepthHeader {
    try snapshot(body, levels: &levels)
  }

  /// The event of a combined frame, nil when the frame is of another form.
  @inline(__always)
  private func combinedEvent(
    _ scanner: inout JSONScanner, _ levels: inout LevelBuffer
  ) throws(DecodeFailure) -> BinanceEvent? {
    try scanner.expect(UInt8(ascii: "{"), "frame")
    var event: BinanceEvent?
    repeat {
      switch try scanner.key("frame") {
      case Key.stream: _ = try scanner.string("stream")
      case Key.data: event = try scanner.binanceEvent(levels: &levels, symbol: lookUp)
      default:
        // Not a combined frame at all, or a field added to one.
        guard event != nil else { return nil }
        try scanner.skipValue("frame")
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"), "frame")
    guard let event else { throw DecodeFailure(.missingField, field: "data") }
    return event
  }

  private func lookUp(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
    if let index = symbols.index(of: name) { return index }
    return learnsSymbols ? learn(name) : nil
  }

  private func learn(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !name.isEmpty, name.count <= 32, symbols.count < 4096 else { return nil }
    let symbol = String(decoding: name, as: UTF8.self)
    guard let instrument = BinanceSymbols.instrument(symbol, market: market) else { return nil }
    instruments.append(instrument)
    return symbols.insert(Array(name))
  }

  public override func place(of symbol: String) -> Int? {
    var symbol = symbol
    return symbol.withUTF8 { lookUp($0) }
  }

  public override func add(_ instrument: Instrument) -> Int {
    var symbol = instrument.venueSymbol
    if let place = symbol.withUTF8({ symbols.index(of: $0) }) { return place }
    instruments.append(instrument)
    return symbols.insert(Array(symbol.utf8))
  }

  public override func isSnapshotBody(_ frame: UnsafeRawBufferPointer) -> Bool {
    frame.starts(with: Array("{\"lastUpdateId\":".utf8))
  }

  @inline(__always)
  private func finish(_ event: BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) -> FrameKind {
    switch event.name {
    case .depthUpdate: try appendDepth(event, &batch)
    case .trade: try appendTrade(event, &batch)
    case .bookTicker: try appendQuote(event, &batch)
    case .none:
      // Spot's bookTicker is the one event without a name.
      try appendQuote(event, &batch)
      return .market(BinanceEventName.bookTicker.rawValue)
    case .serverShutdown: return .shutdownNotice
    default: break
    }
    return .market(event.name.rawValue)
  }

  private func appendDepth(_ event: BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    guard let symbol = event.symbol else { throw event.absent("s") }
    guard let first = event.firstUpdateID else { throw event.absent("U") }
    guard let last = event.lastUpdateID else { throw event.absent("u") }
    guard let bids = event.bids else { throw event.bidPrice == nil ? event.absent("b") : .init(.wrongType, field: "b") }
    guard let asks = event.asks else { throw event.askPrice == nil ? event.absent("a") : .init(.wrongType, field: "a") }
    guard first <= last else { throw DecodeFailure(.numberOutOfRange, field: "U") }
    if market != .spot, event.previousUpdateID == nil { throw event.absent("pu") }
    batch.append(
      .depth(
        DepthHeader(
          firstUpdateID: first, lastUpdateID: last, previousUpdateID: event.previousUpdateID,
          eventTimeMS: event.transactionTime ?? event.eventTime, bids: bids, asks: asks)), instrument: symbol)
  }

  private func appendTrade(_ event: BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    guard let symbol = event.symbol else { throw event.absent("s") }
    guard let price = event.price else { throw event.absent("p") }
    guard let quantity = event.quantity else { throw event.absent("q") }
    guard let id = event.tradeID else { throw event.absent("t") }
    guard let time = event.transactionTime ?? event.eventTime else { throw event.absent("T") }
    // Fills of the insurance fund and of auto-deleveraging are no trades of the market.
    guard event.isMarketFill else { return }
    guard let buyerIsMaker = event.buyerIsMaker else { throw event.absent("m") }
    guard price.mantissa > 0 else { throw DecodeFailure(.numberOutOfRange, field: "p") }
    guard quantity.mantissa > 0 else { throw DecodeFailure(.numberOutOfRange, field: "q") }
    batch.append(
      .trade(
        Trade(price: price, quantity: quantity, side: buyerIsMaker ? .sell : .buy, tradeID: id, eventTimeMS: time)),
      instrument: symbol)
  }

  private func appendQuote(_ event: BinanceEvent, _ batch: inout EventBatch) throws(DecodeFailure) {
    guard let id = event.lastUpdateID else {
      // Neither a name nor what an unnamed event has: not a message we know.
      throw event.name == .none ? DecodeFailure(.unknownEvent, field: "e") : event.absent("u")
    }
    guard let symbol = event.symbol else { throw event.absent("s") }
    guard let bidPrice = event.bidPrice else { throw event.bids == nil ? event.absent("b") : .init(.wrongType, field: "b") }
    guard let askPrice = event.askPrice else { throw event.asks == nil ? event.absent("a") : .init(.wrongType, field: "a") }
    guard let bidQuantity = event.bidQuantity else { throw event.absent("B") }
    guard let askQuantity = event.askQuantity else { throw event.absent("A") }
    // An empty side is written as zero.
    guard bidPrice.mantissa >= 0, bidQuantity.mantissa >= 0 else { throw DecodeFailure(.numberOutOfRange, field: "b") }
    guard askPrice.mantissa >= 0, askQuantity.mantissa >= 0 else { throw DecodeFailure(.numberOutOfRange, field: "a") }
    batch.append(
      .quote(
        BestQuote(
          bidPrice: bidPrice, bidQuantity: bidQuantity, askPrice: askPrice, askQuantity: askQuantity, updateID: id,
          eventTimeMS: event.transactionTime ?? event.eventTime)), instrument: symbol)
  }

  private enum Key {
    static let stream: UInt64 = 0x6D61_6572_7473
    static let data: UInt64 = 0x6174_6164
  }
}
