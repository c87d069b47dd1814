import FoundationEssentials
import MarketData
import TestSupport
import Testing

@Suite("Event encoder")
struct EventEncoderTests {
  private let context = EventEncoder.Context(receivedMS: 1_700_000_000_200, publishedMS: 1_700_000_000_201)

  private func encoder(_ market: MarketType = .spot) -> EventEncoder {
    EventEncoder(
      instrument: Instrument(exchange: "binance", market: market, symbol: "BTC-USDT", venueSymbol: "BTCUSDT"),
      subject: .current, collector: "host-1")
  }

  private func decimal(_ text: String) throws -> FixedDecimal { try #require(FixedDecimal(text)) }

  private func level(_ price: String, _ quantity: String) throws -> BookLevel {
    BookLevel(price: try decimal(price), quantity: try decimal(quantity))
  }

  @Test("a trade, to the byte")
  func trade() throws {
    var out = EncodedEvents()
    let trade = Trade(
      price: try decimal("61659.70"), quantity: try decimal("1.486"), side: .buy, tradeID: 42,
      eventTimeMS: 1_700_000_000_123)
    encoder().encode(trade, context, into: &out)
    var sold = trade
    sold.side = .sell
    encoder().encode(sold, context, into: &out)
    let texts = Text.all(out)
    let first = try #require(texts.first)
    #expect(first.type == .trade)
    #expect(first.subject == "trade.binance.spot.BTC-USDT")
    #expect(first.messageID == "trade:binance:spot:BTC-USDT:42")
    #expect(
      first.payload
        == #"{"exchange":"binance","market_type":"spot","symbol":"BTC-USDT","instrument_id":"BTCUSDT","#
        + #""data_type":"trade","collector":"host-1","ts_event_ms":1700000000123,"ts_received_ms":1700000000200,"#
        + #""ts_published_ms":1700000000201,"sequence":42,"price":"61659.70","quantity":"1.486","side":"buy","#
        + #""trade_id":"42"}"#)
    #expect(try #require(texts.last).payload.hasSuffix(#""side":"sell","trade_id":"42"}"#))
    #expect(texts.count == 2)
    let beyond = [Text(out, at: 2), Text(out, at: -1), Text(out, at: .max)]
    #expect(beyond == [nil, nil, nil])
  }

  @Test("a best bid and ask, to the byte, with and without a time")
  func quote() throws {
    var out = EncodedEvents()
    var quote = BestQuote(
      bidPrice: try decimal("1.10"), bidQuantity: try decimal("2"), askPrice: try decimal("1.20"),
      askQuantity: try decimal("0.00000000"), updateID: 400_900_217, eventTimeMS: nil)
    encoder().encode(quote, context, into: &out)
    quote.eventTimeMS = 1_700_000_000_000
    encoder(.perpetual).encode(quote, context, into: &out)
    let texts = Text.all(out)
    let spot = try #require(texts.first)
    #expect(spot.type == .ticker)
    #expect(spot.subject == "ticker.binance.spot.BTC-USDT")
    #expect(spot.messageID == "ticker:binance:spot:BTC-USDT:400900217")
    #expect(
      spot.payload
        == #"{"exchange":"binance","market_type":"spot","symbol":"BTC-USDT","instrument_id":"BTCUSDT","#
        + #""data_type":"ticker","collector":"host-1","ts_event_ms":null,"ts_received_ms":1700000000200,"#
        + #""ts_published_ms":1700000000201,"sequence":400900217,"best_bid_price":"1.10","best_bid_quantity":"2","#
        + #""best_ask_price":"1.20","best_ask_quantity":"0.00000000"}"#)
    let perpetual = try #require(texts.last)
    #expect(perpetual.subject == "ticker.binance.perpetual.BTC-USDT")
    #expect(perpetual.payload.contains(#""market_type":"perpetual""#))
    #expect(perpetual.payload.contains(#""ts_event_ms":1700000000000,"#))
  }

  @Test("a change of a book, to the byte: removals stay in, a missing previous id is null")
  func delta() throws {
    var out = EncodedEvents()
    let bids = [try level("100.10", "1.5"), try level("100.00", "0.000")]
    var header = DepthHeader(
      firstUpdateID: 157, lastUpdateID: 160, previousUpdateID: 149, eventTimeMS: 5, bids: 0..<2, asks: 2..<2)
    let encoder = encoder(.perpetual)
    bids.withUnsafeBufferPointer { bids in
      let none = UnsafeBufferPointer<BookLevel>(start: nil, count: 0)
      encoder.encode(delta: header, bids: bids, asks: none, context, into: &out)
      header.previousUpdateID = nil
      encoder.encode(delta: header, bids: none, asks: bids, context, into: &out)
    }
    let texts = Text.all(out)
    let first = try #require(texts.first)
    #expect(first.type == .orderbook)
    #expect(first.subject == "orderbook.binance.perpetual.BTC-USDT")
    #expect(first.messageID == "orderbook:binance:perpetual:BTC-USDT:160")
    #expect(
      first.payload
        == #"{"exchange":"binance","market_type":"perpetual","symbol":"BTC-USDT","instrument_id":"BTCUSDT","#
        + #""data_type":"orderbook","collector":"host-1","ts_event_ms":5,"ts_received_ms":1700000000200,"#
        + #""ts_published_ms":1700000000201,"sequence":160,"update_type":"delta","first_update_id":157,"#
        + #""last_update_id":160,"prev_update_id":149,"bids":[["100.10","1.5"],["100.00","0.000"]],"asks":[]}"#)
    #expect(
      try #require(texts.last).payload.hasSuffix(
        #""prev_update_id":null,"bids":[],"asks":[["100.10","1.5"],["100.00","0.000"]]}"#))
  }

  @Test("a whole book, to the byte: best prices first, and an id of its own")
  func snapshot() throws {
    let book = OrderBook()
    let bids = [try level("99.5", "1"), try level("99.75", "2"), try level("98", "3")]
    let asks = [try level("101", "4"), try level("100.250", "5.00")]
    _ = bids.withUnsafeBufferPointer { bids in
      asks.withUnsafeBufferPointer { book.apply(bids: bids, asks: $0, updateID: 77) }
    }
    var out = EncodedEvents()
    encoder().encode(snapshot: book, eventTimeMS: nil, context, into: &out)
    let text = try #require(Text.all(out).first)
    #expect(text.messageID == "orderbook:binance:spot:BTC-USDT:77:snapshot")
    #expect(
      text.payload
        == #"{"exchange":"binance","market_type":"spot","symbol":"BTC-USDT","instrument_id":"BTCUSDT","#
        + #""data_type":"orderbook","collector":"host-1","ts_event_ms":null,"ts_received_ms":1700000000200,"#
        + #""ts_published_ms":1700000000201,"sequence":77,"update_type":"snapshot","first_update_id":77,"#
        + #""last_update_id":77,"prev_update_id":null,"bids":[["99.75","2"],["99.5","1"],["98","3"]],"#
        + #""asks":[["100.250","5.00"],["101","4"]]}"#)
  }

  @Test("names full of quotes and control characters still give valid JSON")
  func hostileNames() throws {
    struct Payload: Decodable {
      var exchange: String
      var symbol: String
      var collector: String
    }
    let hostile = "a\"b\\c\n\u{1}é😀\u{2028}"
    let encoder = EventEncoder(
      instrument: Instrument(exchange: hostile, market: .spot, symbol: hostile, venueSymbol: hostile),
      subject: .current, collector: hostile)
    var out = EncodedEvents()
    let trade = Trade(price: .zero, quantity: .zero, side: .buy, tradeID: .min, eventTimeMS: .max)
    encoder.encode(trade, context, into: &out)
    encoder.encode(snapshot: OrderBook(), eventTimeMS: 1, context, into: &out)
    for index in 0..<2 {
      let bytes = out.view(at: index).map { Array($0.payload) }
      let payload = try JSONDecoder().decode(Payload.self, from: Data(try #require(bytes)))
      #expect(payload.exchange == hostile)
      #expect(payload.symbol == hostile)
      #expect(payload.collector == hostile)
    }
  }

  @Test("batches copied behind one another show the same events, also after the first is emptied and reused")
  func appendContents() throws {
    let encoder = encoder()
    func trade(_ id: Int64) -> Trade {
      Trade(price: FixedDecimal(mantissa: id, scale: 2), quantity: .zero, side: .buy, tradeID: id, eventTimeMS: id)
    }
    var source = EncodedEvents()
    var all = EncodedEvents()
    var expected: [Text] = []
    for round in 0..<50 {
      source.removeAll()
      #expect(source.byteCount == 0)
      for id in 0..<Int64(round % 4) { encoder.encode(trade(Int64(round) * 1_000 + id), context, into: &source) }
      expected += Text.all(source)
      all.append(contentsOf: source)
    }
    #expect(expected.count == 73)
    let copied = Text.all(all)
    #expect(copied == expected)
  }

  @Test("writing without a begun record adds none")
  func withoutBegin() {
    var out = EncodedEvents()
    out.endSubject()
    out.endMessageID()
    out.finish()
    #expect(out.count == 0)
    #expect(out.byteCount == 0)
  }
}

/// The texts of one encoded event.
private struct Text: Equatable {
  var type: DataType
  var subject: String
  var messageID: String
  var payload: String

  init?(_ events: borrowing EncodedEvents, at index: Int) {
    guard let view = events.view(at: index) else { return nil }
    type = view.type
    subject = String(cString: view.subject)
    messageID = String(cString: view.messageID)
    payload = String(decoding: view.payload, as: UTF8.self)
  }

  static func all(_ events: borrowing EncodedEvents) -> [Text] {
    var texts: [Text] = []
    for index in 0..<events.count {
      if let text = Text(events, at: index) { texts.append(text) }
    }
    return texts
  }
}
