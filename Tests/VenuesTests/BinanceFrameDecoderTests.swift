import MarketData
import TestSupport
import Testing
import Venues

@Suite("Binance frames")
struct BinanceFrameDecoderTests {
  private func name(_ kind: FrameKind) -> String? {
    guard case .market(let index) = kind else { return nil }
    let names = BinanceFrameDecoder(market: .spot, instruments: []).messageNames
    return names.indices.contains(index) ? names[index] : nil
  }

  @Test("a depth change of USD-M has its ids, both sides and the transaction's time")
  func depth() throws {
    let decoded = try decode(Frames.text(Frames.depth).utf8)
    #expect(name(decoded.kind) == "orderbook")
    #expect(decoded.instruments == [0])
    guard case .depth(let header) = decoded.events.first else {
      Issue.record("no depth event")
      return
    }
    #expect(header.firstUpdateID == 157)
    #expect(header.lastUpdateID == 160)
    #expect(header.previousUpdateID == 149)
    #expect(header.eventTimeMS == 1_700_000_000_120)
    #expect(decoded.bids(header) == ["100.10x1.500", "99.00x0"])
    #expect(decoded.asks(header) == ["100.20x3.25"])
  }

  @Test("a depth change of spot has no previous id and the event's time")
  func spotDepth() throws {
    let decoded = try decode(Frames.text(Frames.spotDepth).utf8, market: .spot)
    guard case .depth(let header) = decoded.events.first else {
      Issue.record("no depth event")
      return
    }
    #expect(header.previousUpdateID == nil)
    #expect(header.eventTimeMS == 1_700_000_000_123)
  }

  @Test("empty sides, and further members of a level, are taken")
  func depthForms() throws {
    var fields = Frames.with(Frames.depth, "b", "[]")
    fields = Frames.with(fields, "a", #"[["1","2",[],"x"],["3","4.0",{}]]"#)
    let decoded = try decode(Frames.text(fields).utf8)
    #expect(Decoded.texts(decoded.levels) == ["1x2", "3x4.0"])
  }

  @Test("a trade: when the buyer is the maker, the taker sold")
  func trade() throws {
    for (maker, side) in [("true", Side.sell), ("false", .buy)] {
      for (fields, market) in [(Frames.trade, MarketType.perpetual), (Frames.spotTrade, .spot)] {
        let decoded = try decode(Frames.text(Frames.with(fields, "m", maker)).utf8, market: market)
        #expect(name(decoded.kind) == "trade")
        let expected = Trade(
          price: FixedDecimal(mantissa: 10015, scale: 2), quantity: FixedDecimal(mantissa: 10, scale: 3), side: side,
          tradeID: 42, eventTimeMS: 1_700_000_000_220)
        #expect(decoded.events == [.trade(expected)])
      }
    }
  }

  @Test(
    "fills of the insurance fund and of auto-deleveraging are counted and are no trades",
    arguments: ["INSURANCE_FUND", "ADL", "NA", ""])
  func nonMarketFills(fill: String) throws {
    let decoded = try decode(Frames.text(Frames.with(Frames.trade, "X", "\"\(fill)\"")).utf8)
    #expect(name(decoded.kind) == "trade")
    #expect(decoded.events.isEmpty)
    // Such fills come with price and quantity zero.
    let empty = Frames.with(Frames.with(Frames.trade, "X", #""NA""#), "p", #""0""#)
    #expect(try decode(Frames.text(empty).utf8).events.isEmpty)
  }

  @Test("a bookTicker of USD-M, and the one of spot that has neither name nor time")
  func ticker() throws {
    var expected = BestQuote(
      bidPrice: FixedDecimal(mantissa: 10010, scale: 2), bidQuantity: FixedDecimal(mantissa: 15, scale: 1),
      askPrice: FixedDecimal(mantissa: 10020, scale: 2), askQuantity: FixedDecimal(mantissa: 325, scale: 2),
      updateID: 160, eventTimeMS: 1_700_000_000_320)
    let perpetual = try decode(Frames.text(Frames.ticker).utf8)
    #expect(perpetual.events == [.quote(expected)])
    #expect(perpetual.instruments == [1])
    expected.eventTimeMS = nil
    let spot = try decode(Frames.text(Frames.spotTicker).utf8, market: .spot)
    #expect(spot.events == [.quote(expected)])
    #expect(name(spot.kind) == "ticker")
  }

  @Test("an empty side of a bookTicker is written as zero")
  func emptySide() throws {
    var fields = Frames.with(Frames.ticker, "b", #""0.00""#)
    fields = Frames.with(fields, "B", #""0.000""#)
    #expect(try decode(Frames.text(fields).utf8).events.count == 1)
  }

  @Test("every order of the keys says the same", arguments: 0..<6)
  func permutations(which: Int) throws {
    let all = [Frames.depth, Frames.spotDepth, Frames.trade, Frames.spotTrade, Frames.ticker, Frames.spotTicker]
    let market: MarketType = which % 2 == 0 ? .perpetual : .spot
    let expected = try decode(Frames.text(all[which]).utf8, market: market)
    var random = Seeded(UInt64(which))
    for _ in 0..<500 {
      let shuffled = all[which].shuffled(using: &random)
      let raw = try decode(Frames.text(shuffled).utf8, market: market)
      let combined = try decode(Frames.combined(shuffled).utf8, market: market)
      #expect(Self.isSame(raw, expected) && Self.isSame(combined, expected), "\(Frames.text(shuffled))")
    }
  }

  /// The sides of a depth change may stand in the buffer in either order.
  private static func isSame(_ left: Decoded, _ right: Decoded) -> Bool {
    guard case .depth(var one) = left.events.first, case .depth(var other) = right.events.first else {
      return left == right
    }
    guard left.bids(one) == right.bids(other), left.asks(one) == right.asks(other) else { return false }
    (one.bids, one.asks, other.bids, other.asks) = (0..<0, 0..<0, 0..<0, 0..<0)
    return one == other && left.kind == right.kind && left.instruments == right.instruments
  }

  @Test("white space may stand wherever JSON allows it", arguments: [" ", "\n", "\r\n", "\t", "  \n\t "])
  func whiteSpace(blank: String) throws {
    for fields in [Frames.depth, Frames.trade, Frames.ticker] {
      let spaced = "\(blank){\(blank)\"data\"\(blank):\(blank)\(Frames.text(fields, blank: blank))\(blank)}\(blank)"
      #expect(try decode(spaced.utf8) == decode(Frames.text(fields).utf8))
      #expect(try decode((blank + Frames.text(fields, blank: blank) + blank).utf8) == decode(Frames.text(fields).utf8))
    }
    let levels = #"[ ["100.10" , "1.500" ] , [ "99.00","0" ]\#(blank)]"#
    let spaced = Frames.with(Frames.depth, "b", levels)
    #expect(try decode(Frames.text(spaced).utf8) == decode(Frames.text(Frames.depth).utf8))
  }

  @Test("raw and combined frames say the same, in either order of stream and data, with fields added")
  func envelopes() throws {
    let raw = Frames.text(Frames.trade)
    let expected = try decode(raw.utf8)
    #expect(try decode(#"{"stream":"btcusdt@trade","data":\#(raw)}"#.utf8) == expected)
    #expect(try decode(#"{"data":\#(raw),"stream":"btcusdt@trade"}"#.utf8) == expected)
    #expect(try decode(#"{"data":\#(raw),"added":[1,{"x":null}]}"#.utf8) == expected)
    let added: Frames.Fields = [("ps", #""BTC""#), ("st", "1.5e3"), ("anewlongkey", #"{"e":"kline","p":[1]}"#)]
    #expect(try decode(Frames.text(added + Frames.trade + added).utf8) == expected)
  }

  @Test("times in microseconds become milliseconds")
  func microseconds() throws {
    let fields = Frames.with(Frames.with(Frames.trade, "T", "1700000000220999"), "E", "1700000000223000")
    #expect(try decode(Frames.text(fields).utf8) == decode(Frames.text(Frames.trade).utf8))
  }

  @Test(
    "known events that are not delivered are counted by name, also where their name comes last",
    arguments: [
      ("aggTrade", "aggTrade", #""a":1,"p":"1.0","q":"2","f":1,"l":2,"T":1700000000000,"m":true"#),
      ("kline", "kline", #""k":{"t":1,"s":"BTCUSDT","o":"1","x":false}"#),
      ("24hrTicker", "24hrTicker", #""p":"-94.99","P":"-95.9","b":"0.1","B":"1","a":"0.2","A":"3","F":0"#),
      ("24hrMiniTicker", "24hrMiniTicker", #""c":"1","q":"18""#),
      ("markPriceUpdate", "markPriceUpdate", #""p":"1","i":"1.1","r":"","T":0"#),
      ("forceOrder", "forceOrder", #""o":{"s":"XXX","S":"SELL","q":"1","X":"FILLED"}"#),
      ("contractInfo", "contractInfo", #""b":5,"a":null"#), ("avgPrice", "avgPrice", #""w":"1","i":"5m""#),
    ])
  func otherEvents(wire: String, counted: String, fields: String) throws {
    for frame in [#"{"e":"\#(wire)","E":1,\#(fields)}"#, #"{\#(fields),"E":1,"e":"\#(wire)"}"#] {
      let decoded = try decode(frame.utf8)
      #expect(name(decoded.kind) == counted)
      #expect(decoded.events.isEmpty)
    }
  }

  @Test("the announcement that the server shuts down is told")
  func shutdown() throws {
    #expect(try decode(#"{"e":"serverShutdown","E":1700000000000}"#.utf8).kind == .shutdownNotice)
  }

  @Test("answers to requests are acknowledgements or refusals")
  func answers() throws {
    #expect(try decode(#"{"result":null,"id":7}"#.utf8).kind == .acknowledgement(id: 7))
    #expect(try decode(#"{"id":7,"result":["btcusdt@trade"]}"#.utf8).kind == .acknowledgement(id: 7))
    #expect(
      try decode(#"{"error":{"code":2,"msg":"Invalid request","x":[]},"id":3}"#.utf8).kind
        == .refusal(id: 3, code: 2, message: "Invalid request"))
    #expect(
      try decode(#"{"code":-1121,"msg":"Invalid symbol."}"#.utf8).kind
        == .refusal(id: nil, code: -1121, message: "Invalid symbol."))
    #expect(
      try decode(#"{"id":null,"error":{"code":3,"msg":""},"added":{}}"#.utf8).kind
        == .refusal(id: nil, code: 3, message: ""))
  }

  @Test("a decoder for recordings learns the symbols that come, a live one refuses them")
  func learning() throws {
    let frame = Frames.text(Frames.with(Frames.trade, "s", #""DOGEUSDT""#))
    #expect(failure(frame) == DecodeFailure(.unknownSymbol, field: "s"))
    let decoder = BinanceFrameDecoder(market: .spot, instruments: [], learnsSymbols: true)
    #expect(try decode(frame.utf8, with: decoder).instruments == [0])
    #expect(try decode(frame.utf8, with: decoder).instruments == [0])
    #expect(decoder.instruments.map(\.symbol) == ["DOGE-USDT"])
    #expect(decoder.place(of: "ETHBTC") == 1)
    #expect(decoder.place(of: "NOQUOTE") == nil)
    for number in 0..<300 { #expect(decoder.place(of: "X\(number)USDT") == number + 2) }
    #expect(decoder.place(of: "X7USDT") == 9)
  }

  @Test("instruments are added to a decoder in use once")
  func adding() throws {
    let decoder = BinanceFrameDecoder(market: .spot, instruments: [])
    let instrument = try #require(BinanceSymbols.instrument("BTC-USDT", market: .spot))
    #expect(decoder.place(of: "BTCUSDT") == nil)
    #expect(decoder.add(instrument) == 0)
    #expect(decoder.add(instrument) == 0)
    #expect(decoder.place(of: "BTCUSDT") == 0)
    #expect(decoder.instruments.count == 1)
  }
}
