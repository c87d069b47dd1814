import MarketData
import TestSupport
import Testing
import Venues

@Suite("Bad Binance frames")
struct BinanceBadFramesTests {
  @Test(
    "text that is no JSON is malformed",
    arguments: [
      "", " ", "x", "{", "}", "[]", "{}", "null", "1", "\"\"", "{\"e\"}", "{\"e\":}", "{\"stream\":\"x\",\"data\":}",
      "{e:1}", "{\"stream\":\"x\"", "{\"stream\":\"x\",}", "{\"data\":[]}", "\u{0}", "{\"u\":1,\"s\":\"BTCUSDT\",}",
      "{\"result\":nul,\"id\":1}", "{\"result\":null,\"id\":1}x", "{\"result\":{]},\"id\":1}", "{\"x\":tru}",
    ])
  func malformed(frame: String) {
    #expect(failure(frame)?.kind == .malformedJSON)
  }

  @Test("anything behind the frame makes it malformed")
  func trailing() {
    for tail in ["x", "}", "{}", ",", "\u{0}", "\""] {
      #expect(failure(Frames.text(Frames.trade) + tail)?.kind == .malformedJSON)
      #expect(failure(Frames.combined(Frames.trade) + tail)?.kind == .malformedJSON)
    }
  }

  @Test("a frame cut off at any byte is refused and reads no byte too far")
  func truncation() throws {
    let guarded = try GuardedBytes(capacity: 4096)
    let decoder = BinanceFrameDecoder(
      market: .perpetual, instruments: [BinanceSymbols.instrument("BTCUSDT", market: .perpetual)].compactMap { $0 })
    var frames = [Frames.depth, Frames.trade].flatMap { [Frames.text($0), Frames.combined($0)] }
    frames += [
      #"{"result":null,"id":17}"#, #"{"error":{"code":2,"msg":"a\"b"},"id":3}"#, #"{"x":true,"y":[false,-1e5]}"#,
    ]
    for frame in frames {
      let bytes = Array(frame.utf8)
      for length in 0..<bytes.count {
        var batch = EventBatch()
        #expect(throws: DecodeFailure.self) {
          try decoder.decode(guarded.place(Array(bytes[..<length])), into: &batch)
        }
      }
    }
  }

  @Test("bytes that are no UTF-8 are refused wherever they stand, and real UTF-8 is not")
  func utf8() throws {
    let frame = Frames.combined([("c", #""é😀""#)] + Frames.trade)
    #expect(try decode(frame.utf8).events.count == 1)
    var random = Seeded(9)
    let plain = Array(Frames.combined(Frames.depth).utf8)
    for bad in [[0x80], [0xC3], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
      for _ in 0..<50 {
        var bytes = plain
        bytes.insert(contentsOf: bad, at: random.below(bytes.count + 1))
        #expect(throws: DecodeFailure(.invalidUTF8, field: "frame")) { try decode(bytes) }
      }
    }
  }

  @Test("an escaped quote does not end a string, and an escape at the end of the frame is malformed")
  func escapes() throws {
    #expect(try decode(Frames.text([("c", #""a\"}\\""#)] + Frames.trade).utf8).events.count == 1)
    #expect(failure(#"{"stream":"\"#)?.kind == .malformedJSON)
    #expect(failure("{\"stream\":\"a\nb\"}")?.kind == .malformedJSON)
    // The exchange never escapes a symbol; one that is written so is not known.
    #expect(failure(Frames.text(Frames.with(Frames.trade, "s", #""\u0042TCUSDT""#)))?.kind == .unknownSymbol)
  }

  @Test("nesting is followed to a bound, and brackets must match")
  func nesting() throws {
    func nested(_ depth: Int) -> String {
      Frames.text(
        [("x", String(repeating: #"[{"a":"#, count: depth / 2) + "1" + String(repeating: "}]", count: depth / 2))]
          + Frames.trade)
    }
    #expect(try decode(nested(64).utf8).events.count == 1)
    #expect(failure(nested(66))?.kind == .malformedJSON)
    #expect(failure(String(repeating: "[", count: 100_000))?.kind == .malformedJSON)
    #expect(failure(#"{"x":"# + String(repeating: #"{"a":"#, count: 100_000))?.kind == .malformedJSON)
    for value in ["[}", "{]", "[[]", "{\"a\":[}]}"] {
      #expect(failure(Frames.text([("x", value)] + Frames.trade))?.kind == .malformedJSON)
    }
  }

  @Test("an event name that is not in the table is unknown")
  func unknownEvents() {
    for name in ["", "Trade", "tradeX", "depthupdate", "executionReport", "bookticker", "24hrtickeR"] {
      #expect(
        failure(Frames.text(Frames.with(Frames.trade, "e", "\"\(name)\""))) == DecodeFailure(.unknownEvent, field: "e"))
    }
    #expect(failure(#"{"x":1}"#)?.kind == .unknownEvent)
    #expect(failure(#"{"stream":"a","data":{"x":1}}"#)?.kind == .unknownEvent)
  }

  @Test("each field that an event must have is missed when it is absent")
  func missingFields() {
    let needed: [(Frames.Fields, MarketType, [String])] = [
      (Frames.depth, .perpetual, ["s", "U", "u", "pu", "b", "a"]),
      (Frames.spotDepth, .spot, ["s", "U", "u", "b", "a"]),
      (Frames.trade, .perpetual, ["s", "p", "q", "t", "m"]),
      (Frames.ticker, .perpetual, ["u", "s", "b", "B", "a", "A"]),
      (Frames.spotTicker, .spot, ["s", "b", "B", "a", "A"]),
    ]
    for (fields, market, keys) in needed {
      for key in keys {
        let failure = failure(Frames.text(Frames.with(fields, key, nil)), market: market)
        #expect(failure?.kind == .missingField, "\(key)")
        #expect(failure?.field.description == key)
      }
    }
    #expect(
      failure(Frames.text(Frames.trade.filter { $0.key != "T" && $0.key != "E" }))
        == DecodeFailure(.missingField, field: "T"))
    #expect(failure(#"{"stream":"x"}"#) == DecodeFailure(.missingField, field: "data"))
    #expect(failure(#"{"data":{}}"#) == DecodeFailure(.missingField, field: "e"))
    #expect(failure(#"{"result":null}"#) == DecodeFailure(.missingField, field: "id"))
  }

  @Test("each field of another JSON type than documented is told as such")
  func wrongTypes() {
    let wrong: [(Frames.Fields, [String: [String]])] = [
      (
        Frames.depth,
        [
          "e": ["1", "null"], "s": ["1", "{}", "null"], "U": [#""157""#, "null", "[]"], "u": [#""160""#, "{}"],
          "pu": [#""149""#, "true"], "b": ["5", "null", #""1.0""#, "{}", "[1]", #"["1","2"]"#, "[[1,2]]"],
          "a": ["5", "null", #""1.0""#, "{}", "[[null]]", #"[["1",2]]"#],
        ]
      ),
      (
        Frames.trade,
        [
          "e": ["[]"], "s": ["true"], "t": [#""42""#, "null"], "p": ["100.15", "null", "[]"], "q": ["1", "{}"],
          "m": [#""true""#, "1", "null"], "X": ["1", "null"],
        ]
      ),
      (
        Frames.ticker,
        [
          "s": ["5"], "u": [#""160""#, "null"], "b": ["100.1", "[]", "null"], "B": ["1.5", "true"],
          "a": ["100.2", "[]"], "A": ["3.25", "{}"],
        ]
      ),
    ]
    for (fields, values) in wrong {
      for (key, texts) in values {
        for text in texts {
          let failure = failure(Frames.text(Frames.with(fields, key, text)))
          #expect(failure?.kind == .wrongType, "\(key): \(text)")
          #expect(failure?.field.description == key, "\(key): \(text)")
        }
      }
    }
    #expect(failure(#"{"stream":5,"data":{}}"#) == DecodeFailure(.wrongType, field: "stream"))
    #expect(failure(#"{"result":null,"id":"x"}"#) == DecodeFailure(.wrongType, field: "id"))
  }

  @Test(
    "a price that is no plain decimal is malformed",
    arguments: ["0.-10000", "1e5", "", " 1", "1.", ".5", "NaN", "1,0", "--1", "1.2.3"])
  func malformedNumbers(number: String) {
    for (fields, key, value) in Self.numberPlaces(number) {
      let failure = failure(Frames.text(Frames.with(fields, key, value)))
      #expect(failure?.kind == .malformedNumber, "\(key)")
      #expect(failure?.field.description == key)
    }
  }

  @Test(
    "a price that is too long to be exact, or below zero, is out of range",
    arguments: [
      "1234567890123456789012345678901234567890", "0.0000000000000000001", "-1", "-0.5", "9223372036854775808",
    ])
  func outOfRange(number: String) {
    for (fields, key, value) in Self.numberPlaces(number) {
      #expect(failure(Frames.text(Frames.with(fields, key, value)))?.kind == .numberOutOfRange, "\(key)")
    }
  }

  private static func numberPlaces(_ number: String) -> [(Frames.Fields, String, String)] {
    [
      (Frames.depth, "b", "[[\"\(number)\",\"1\"]]"), (Frames.depth, "a", "[[\"1\",\"1\"],[\"1\",\"\(number)\"]]"),
      (Frames.trade, "p", "\"\(number)\""), (Frames.trade, "q", "\"\(number)\""),
      (Frames.ticker, "b", "\"\(number)\""), (Frames.ticker, "a", "\"\(number)\""),
    ]
  }

  @Test("prices of zero, ids below zero, ids of 19 digits and ids that end before they begin are out of range")
  func absurdNumbers() {
    #expect(
      failure(Frames.text(Frames.with(Frames.trade, "p", #""0.0""#))) == DecodeFailure(.numberOutOfRange, field: "p"))
    #expect(
      failure(Frames.text(Frames.with(Frames.trade, "q", #""0""#))) == DecodeFailure(.numberOutOfRange, field: "q"))
    #expect(
      failure(Frames.text(Frames.with(Frames.depth, "b", #"[["0","1"]]"#)))
        == DecodeFailure(.numberOutOfRange, field: "b"))
    #expect(failure(Frames.text(Frames.with(Frames.depth, "U", "161"))) == DecodeFailure(.numberOutOfRange, field: "U"))
    for key in ["U", "u", "pu", "E", "T"] {
      for value in ["-1", "9223372036854775807", "99999999999999999999999999"] {
        #expect(
          failure(Frames.text(Frames.with(Frames.depth, key, value)))?.kind == .numberOutOfRange, "\(key) \(value)")
      }
      for value in ["1.5", "1e3", "-", "-x"] {
        #expect(
          failure(Frames.text(Frames.with(Frames.depth, key, value)))?.kind == .malformedNumber, "\(key) \(value)")
      }
    }
  }
}
