/// Writes the events of one instrument as subject, message id and JSON payload; everything that does not change from
/// one event to the next is prepared once.
///
/// Payload fields and subjects: see docs/schemas and the compatibility notes; prices and quantities are strings with the
/// exchange's own digits, times are integers in milliseconds since 1970.
public final class EventEncoder: Sendable {
  /// Times and origin of one event.
  public struct Context: Sendable {
    /// When the frame arrived, in milliseconds since 1970.
    public var receivedMS: Int64
    /// When the event was handed on, in milliseconds since 1970.
    public var publishedMS: Int64

    /// Creates a context.
    public init(receivedMS: Int64, publishedMS: Int64) {
      self.receivedMS = receivedMS
      self.publishedMS = publishedMS
    }
  }

  private struct Prepared {
    var subject: [UInt8]
    var messageID: [UInt8]
    var payload: [UInt8]
  }

  private let trade: Prepared
  private let ticker: Prepared
  private let orderbook: Prepared
  private let place: Int

  /// Prepares the constant parts for `instrument`.
  ///
  /// - Parameters:
  ///   - subject: how subjects are formed.
  ///   - collector: the name of this collector, `host-pid`.
  ///   - place: the instrument's place in its session, for ``EncodedEvents/Record/instrument``.
  public init(instrument: Instrument, subject: SubjectTemplate, collector: String, place: Int = 0) {
    self.place = place
    func prepare(_ type: DataType) -> Prepared {
      var writer = ByteWriter()
      writer.append("{\"exchange\":")
      writer.append(jsonString: instrument.exchange)
      writer.append(",\"market_type\":")
      writer.append(jsonString: instrument.market.rawValue)
      writer.append(",\"symbol\":")
      writer.append(jsonString: instrument.symbol)
      writer.append(",\"instrument_id\":")
      writer.append(jsonString: instrument.venueSymbol)
      writer.append(",\"data_type\":")
      writer.append(jsonString: type.rawValue)
      writer.append(",\"collector\":")
      writer.append(jsonString: collector)
      let identity = "\(type.rawValue):\(instrument.exchange):\(instrument.market.rawValue):\(instrument.symbol):"
      return Prepared(
        subject: Array(subject.subject(for: type, of: instrument).utf8), messageID: Array(identity.utf8),
        payload: Array(writer.bytes))
    }
    trade = prepare(.trade)
    ticker = prepare(.ticker)
    orderbook = prepare(.orderbook)
  }

  /// Writes a trade. Message id: `trade:{exchange}:{market}:{symbol}:{trade id}`.
  public func encode(_ event: Trade, _ context: Context, into out: inout EncodedEvents) {
    begin(trade, type: .trade, id: event.tradeID, into: &out)
    common(trade, event.eventTimeMS, context, sequence: event.tradeID, &out.writer)
    out.writer.append(",\"price\":")
    out.writer.append(quoted: event.price)
    out.writer.append(",\"quantity\":")
    out.writer.append(quoted: event.quantity)
    out.writer.append(event.side == .buy ? ",\"side\":\"buy\",\"trade_id\":\"" : ",\"side\":\"sell\",\"trade_id\":\"")
    out.writer.append(integer: event.tradeID)
    out.writer.append("\"}")
    out.finish()
  }

  /// Writes a best bid and ask. Message id: `ticker:…:{update id}`; the update id and not the event time, because several
  /// quotes of one millisecond are different events and Binance spot gives no time at all.
  public func encode(_ event: BestQuote, _ context: Context, into out: inout EncodedEvents) {
    begin(ticker, type: .ticker, id: event.updateID, into: &out)
    common(ticker, event.eventTimeMS, context, sequence: event.updateID, &out.writer)
    out.writer.append(",\"best_bid_price\":")
    out.writer.append(quoted: event.bidPrice)
    out.writer.append(",\"best_bid_quantity\":")
    out.writer.append(quoted: event.bidQuantity)
    out.writer.append(",\"best_ask_price\":")
    out.writer.append(quoted: event.askPrice)
    out.writer.append(",\"best_ask_quantity\":")
    out.writer.append(quoted: event.askQuantity)
    out.writer.append("}")
    out.finish()
  }

  /// Writes a change of the book as it came, removals with quantity zero included. Message id: `orderbook:…:{last id}`.
  public func encode(
    delta event: DepthHeader, bids: UnsafeBufferPointer<BookLevel>, asks: UnsafeBufferPointer<BookLevel>,
    _ context: Context, into out: inout EncodedEvents
  ) {
    begin(orderbook, type: .orderbook, id: event.lastUpdateID, into: &out)
    common(orderbook, event.eventTimeMS, context, sequence: event.lastUpdateID, &out.writer)
    out.writer.append(",\"update_type\":\"delta\",\"first_update_id\":")
    out.writer.append(integer: event.firstUpdateID)
    out.writer.append(",\"last_update_id\":")
    out.writer.append(integer: event.lastUpdateID)
    out.writer.append(",\"prev_update_id\":")
    Self.append(event.previousUpdateID, &out.writer)
    out.writer.append(",\"bids\":")
    Self.append(bids, &out.writer)
    out.writer.append(",\"asks\":")
    Self.append(asks, &out.writer)
    out.writer.append("}")
    out.finish()
  }

  /// Writes a whole book, best prices first. Message id: `orderbook:…:{last id}:snapshot`, because a change may end at
  /// the same id as the snapshot before it.
  public func encode(
    snapshot book: OrderBook, eventTimeMS: Int64?, _ context: Context, into out: inout EncodedEvents
  ) {
    out.begin(type: .orderbook, instrument: place, sequence: book.lastUpdateID)
    out.writer.append(orderbook.subject)
    out.endSubject()
    out.writer.append(orderbook.messageID)
    out.writer.append(integer: book.lastUpdateID)
    out.writer.append(":snapshot")
    out.endMessageID()
    common(orderbook, eventTimeMS, context, sequence: book.lastUpdateID, &out.writer)
    out.writer.append(",\"update_type\":\"snapshot\",\"first_update_id\":")
    out.writer.append(integer: book.lastUpdateID)
    out.writer.append(",\"last_update_id\":")
    out.writer.append(integer: book.lastUpdateID)
    out.writer.append(",\"prev_update_id\":null,\"bids\":[")
    for index in 0..<book.bidCount {
      if let level = book.bid(fromBest: index) { Self.append(level, first: index == 0, &out.writer) }
    }
    out.writer.append("],\"asks\":[")
    for index in 0..<book.askCount {
      if let level = book.ask(fromBest: index) { Self.append(level, first: index == 0, &out.writer) }
    }
    out.writer.append("]}")
    out.finish()
  }

  private func begin(_ prepared: Prepared, type: DataType, id: Int64, into out: inout EncodedEvents) {
    out.begin(type: type, instrument: place, sequence: id)
    out.writer.append(prepared.subject)
    out.endSubject()
    out.writer.append(prepared.messageID)
    out.writer.append(integer: id)
    out.endMessageID()
  }

  private func common(
    _ prepared: Prepared, _ eventTimeMS: Int64?, _ context: Context, sequence: Int64, _ writer: inout ByteWriter
  ) {
    writer.append(prepared.payload)
    writer.append(",\"ts_event_ms\":")
    Self.append(eventTimeMS, &writer)
    writer.append(",\"ts_received_ms\":")
    writer.append(integer: context.receivedMS)
    writer.append(",\"ts_published_ms\":")
    writer.append(integer: context.publishedMS)
    writer.append(",\"sequence\":")
    writer.append(integer: sequence)
  }

  private static func append(_ number: Int64?, _ writer: inout ByteWriter) {
    if let number { writer.append(integer: number) } else { writer.append("null") }
  }

  private static func append(_ levels: UnsafeBufferPointer<BookLevel>, _ writer: inout ByteWriter) {
    writer.append(UInt8(ascii: "["))
    for index in levels.indices { append(levels[index], first: index == 0, &writer) }
    writer.append(UInt8(ascii: "]"))
  }

  private static func append(_ level: BookLevel, first: Bool, _ writer: inout ByteWriter) {
    if !first { writer.append(UInt8(ascii: ",")) }
    writer.append(level)
  }
}
