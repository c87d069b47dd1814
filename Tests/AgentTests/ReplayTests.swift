import Agent
import MarketData
import Recordings
import TestSupport
import Testing
import Venues

@Suite("Replay")
struct ReplayTests {
  private static func replay(
    _ text: String, market: MarketType = .perpetual, output: ((EncodedEvents.View) -> Void)? = nil
  ) throws -> ReplaySummary {
    let file = try TemporaryFile(text)
    return try Replay(venue: BinanceVenue(), market: market, output: output).run(path: file.path)
  }

  /// A recording of a book of one symbol: a snapshot at 10, two changes, and a quote at the id of the last.
  private static func recording(ask: String = "100.5") -> String {
    """
    1700000000001000000 {"stream":"x","data":{"e":"depthUpdate","E":5,"T":4,"s":"BTCUSDT","U":9,"u":11,"pu":8,"b":[["100.1","2"]],"a":[]}}
    1700000000002000000 {"lastUpdateId":10,"bids":[["100.0","1"]],"asks":[["100.4","1"],["100.5","2"]]}
    1700000000003000000 {"stream":"x","data":{"e":"depthUpdate","E":6,"T":6,"s":"BTCUSDT","U":12,"u":14,"pu":11,"b":[["99.0","0"]],"a":[["100.4","0"]]}}
    1700000000004000000 {"stream":"x","data":{"e":"trade","E":7,"T":7,"s":"BTCUSDT","t":1,"p":"100.1","q":"1","X":"MARKET","m":true}}
    1700000000005000000 {"stream":"x","data":{"e":"bookTicker","u":14,"s":"BTCUSDT","b":"100.1","B":"2","a":"\(ask)","A":"2","T":8,"E":8}}
    """
  }

  @Test("a small recording: books, messages and a checkpoint that matches")
  func small() throws {
    let summary = try Self.replay(Self.recording())
    #expect(summary.messages.map(\.name) == ["orderbook", "ticker", "trade", "snapshot"])
    #expect(summary.messages.map(\.count) == [2, 1, 1, 1])
    #expect(summary.messageCount == 5)
    #expect(summary.checkpointsMatched == 1)
    #expect(summary.checkpointsMismatched == 0)
    #expect(summary.decodeFailures.isEmpty)
    let book = try #require(summary.symbols.first)
    #expect(book.symbol == "BTCUSDT")
    #expect(book.bid?.price.description == "100.1")
    #expect(book.ask?.price.description == "100.5")
    #expect([book.bidLevels, book.askLevels] == [2, 1])
    #expect(!summary.isTruncated)
  }

  @Test("a level that contradicts the exchange's quote is a mismatch, and the book is not shown as good")
  func mismatch() throws {
    let summary = try Self.replay(Self.recording(ask: "100.6"))
    #expect(summary.checkpointsMatched == 0)
    #expect(summary.checkpointsMismatched == 1)
    let book = try #require(summary.symbols.first)
    #expect(book.bid == nil)
    #expect(book.bidLevels == 0)
    #expect(book.reason == "the exchange's best bid and ask were others")
    #expect(summary.text.contains("not synchronised: the exchange's best bid and ask were others"))
  }

  @Test("--json prints exactly the promised keys, decimals as strings")
  func json() throws {
    var summary = try Self.replay(Self.recording() + "\n1700000000006000000 {\"e\":\n")
    summary.seconds = 0
    #expect(
      summary.json.text
        == #"{"messages":{"orderbook":2,"ticker":1,"trade":1,"snapshot":1},"gaps":0,"resyncs":0,"#
        + #""decode_failures":{"malformed_json":1},"checkpoints":{"matched":1,"mismatched":0},"#
        + #""checksums":{"matched":0,"mismatched":0},"symbols":{"BTCUSDT":{"bid":["100.1","2"],"ask":["100.5","2"],"#
        + #""bid_levels":2,"ask_levels":1}},"messages_per_second":0}"#)
    summary.seconds = 0.5
    #expect(summary.messagesPerSecond == 10)
  }

  @Test("an unsynchronised book has null for its best prices")
  func jsonWithoutBook() throws {
    let summary = try Self.replay(String(Self.recording().prefix { $0 != "\n" }))
    #expect(
      summary.json.text.contains(
        #""symbols":{"BTCUSDT":{"bid":null,"ask":null,"bid_levels":0,"ask_levels":0}}"#))
  }

  @Test("a gap, a lost connection and the snapshots that mend them are counted")
  func gaps() throws {
    let more = """

      1700000000006000000 {"e":"depthUpdate","E":9,"T":9,"s":"BTCUSDT","U":30,"u":31,"pu":29,"b":[],"a":[]}
      1700000000007000000 GET https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000 {"lastUpdateId":30,"bids":[["1.0","1"]],"asks":[["2.0","1"]]}
      1700000000008000000 OPEN wss://fstream.binance.com/stream
      1700000000009000000 {"e":"depthUpdate","E":9,"T":9,"s":"BTCUSDT","U":50,"u":51,"pu":49,"b":[["1.5","3"]],"a":[]}
      1700000000010000000 GET https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000 {"lastUpdateId":50,"bids":[["1.0","1"]],"asks":[["2.0","1"]]}
      """
    let summary = try Self.replay(Self.recording() + more)
    #expect(summary.gaps == 1)
    #expect(summary.resynchronisations == 2)
    #expect(summary.symbols.first?.bid?.price.description == "1.5")
    #expect(summary.messages.last?.count == 3)
  }

  @Test("GET lines: other requests are passed over, snapshots of no symbol are counted, bodies that are none fail")
  func getLines() throws {
    let summary = try Self.replay(
      """
      1 GET https://fapi.binance.com/fapi/v1/exchangeInfo {"symbols":[]}
      2 GET https://fapi.binance.com/fapi/v1/depth?symbol=%00&limit=5 {"lastUpdateId":1,"bids":[],"asks":[]}
      3 GET https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=5 {"code":-1121,"msg":"Invalid symbol."}
      4 GET https://fapi.binance.com/fapi/v1/depth?symbol=ETHUSDT&limit=5 {"lastUpdateId":1,"bids":[["1","1"]],"asks":[]}
      5 SEND {"method":"SUBSCRIBE"}
      """)
    #expect(summary.unusedSnapshots == 1)
    #expect(summary.decodeFailures.map(\.kind) == ["missing_field"])
    #expect(summary.symbols.map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
    #expect(summary.symbols.map(\.bidLevels) == [0, 1])
  }

  @Test("a bare snapshot before the first frame belongs to the first symbol; without one it is told as unused")
  func heldSnapshot() throws {
    let lines = Self.recording().split(separator: "\n")
    let before = [lines[1], lines[0], lines[2], lines[3], lines[4]].joined(separator: "\n")
    #expect(try Self.replay(before).checkpointsMatched == 1)
    let alone = try Self.replay(String(lines[1]))
    #expect(alone.unusedSnapshots == 1)
    #expect(alone.text.contains("snapshots that belong to no known symbol: 1"))
    #expect(alone.symbols.isEmpty)
  }

  @Test("the events are what would be published, published at their receive time")
  func events() throws {
    var lines: [String] = []
    var subjects: [String] = []
    _ = try Self.replay(Self.recording()) { view in
      lines.append(String(decoding: view.payload, as: UTF8.self))
      subjects.append(String(cString: view.subject))
    }
    #expect(
      subjects == [
        "orderbook.binance.perpetual.BTC-USDT", "orderbook.binance.perpetual.BTC-USDT",
        "trade.binance.perpetual.BTC-USDT", "ticker.binance.perpetual.BTC-USDT",
      ])
    #expect(lines.first?.contains(#""update_type":"snapshot""#) == true)
    #expect(
      lines.first?.hasSuffix(#""bids":[["100.1","2"],["100.0","1"]],"asks":[["100.4","1"],["100.5","2"]]}"#) == true)
    #expect(lines.allSatisfy { !$0.contains("\n") })
    #expect(
      lines[2]
        == #"{"exchange":"binance","market_type":"perpetual","symbol":"BTC-USDT","instrument_id":"BTCUSDT","#
        + #""data_type":"trade","collector":"replay","ts_event_ms":7,"ts_received_ms":1700000000004,"#
        + #""ts_published_ms":1700000000004,"sequence":1,"price":"100.1","quantity":"1","side":"sell","trade_id":"1"}"#)
  }

  @Test("a recording that breaks off is replayed as far as it goes, and says so")
  func truncated() throws {
    let trade = #"{"e":"trade","E":7,"T":7,"s":"BTCUSDT","t":1,"p":"100.1","q":"1","X":"MARKET","m":true}"#
    var random = Seeded(8)
    let text = (1...5_000).map { "\($0)\(random.digits(9)) \(trade)" }.joined(separator: "\n")
    let file = try TemporaryFile(text, compressed: true)
    try file.resize(to: file.length / 2)
    let summary = try Replay(venue: BinanceVenue(), market: .perpetual).run(path: file.path)
    #expect(summary.isTruncated)
    #expect(summary.messageCount > 1_000 && summary.messageCount < 4_000)
    #expect(summary.decodeFailures.isEmpty)
    #expect(summary.text.contains("breaks off"))
  }

  @Test("a file that is none is an error with its place")
  func unreadable() throws {
    #expect(throws: RecordingError.self) {
      try Replay(venue: BinanceVenue(), market: .spot).run(path: "/nonexistent")
    }
    let error = #expect(throws: RecordingError.self) { try Self.replay("1 {}\nnonsense\n") }
    #expect(error?.line == 2)
  }
}
