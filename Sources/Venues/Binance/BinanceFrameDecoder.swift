import MarketData

/// Decodes frames of Binance spot, USD-M and COIN-M: combined (`{"stream","data"}`) and raw, answers to requests, and
/// REST snapshots.
public final class BinanceFrameDecoder: FrameDecoder {
  let market: MarketType
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
    var event = BinanceEvent()
    if try combinedEvent(&scanner, &event, &batch.levels) {
      guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "frame") }
      return try finish(event, &batch)
    }
    scanner.rewind(to: start)
    if let answer = try answer(&scanner) { return answer }
    scanner.rewind(to: start)
    try scanner.binanceEvent(into: &event, levels: &batch.levels, symbol: lookUp)
    guard scanner.isAtEnd() else { throw DecodeFailure(.malformedJSON, field: "frame") }
    return try finish(event, &batch)
  }

  public override func decodeSnapshot(
    _ body: UnsafeRawBufferPointer, levels: inout LevelBuffer
  ) throws(DecodeFailure) -> DepthHeader {
    try snapshot(body, levels: &levels)
  }

  /// Reads the event of a combined frame.
  ///
  /// - Returns: false, and the event untouched, when the frame is of another form.
  @inline(__always)
  private func combinedEvent(
    _ scanner: inout JSONScanner, _ event: inout BinanceEvent, _ levels: inout LevelBuffer
  ) throws(DecodeFailure) -> Bool {
    try scanner.expect(UInt8(ascii: "{"), "frame")
    var hasData = false
    repeat {
      switch try scanner.key("frame") {
      case Key.stream: _ = try scanner.string("stream")
      case Key.data:
        // Of two events, which no exchange sends, the last counts.
        if hasData { event = BinanceEvent() }
        try scanner.binanceEvent(into: &event, levels: &levels, symbol: lookUp)
        hasData = true
      default:
        // Not a combined frame at all, or a field added to one.
        guard hasData else { return false }
        try scanner.skipValue("frame")
      }
    } while scanner.take(UInt8(ascii: ","))
    try scanner.expect(UInt8(ascii: "}"), "frame")
    guard hasData else { throw DecodeFailure(.missingField, field: "data") }
    return true
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

  private enum Key {
    static let stream: UInt64 = 0x6D61_6572_7473
    static let data: UInt64 = 0x6174_6164
  }
}
