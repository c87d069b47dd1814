import NIOCore
import Testing
import VenueSimulator

@Suite("What clients send")
struct WireTests {
  @Test("a subscription request is read, whatever its spacing and id")
  func requests() throws {
    let request = try ClientRequest.parse(
      Array(" { \"method\" : \"SUBSCRIBE\",\n \"params\":[\"a@trade\", \"b@trade\"], \"id\": \"x1\" } ".utf8))
    #expect(request.method == .subscribe && request.params == ["a@trade", "b@trade"] && request.id == "\"x1\"")
    #expect(try ClientRequest.parse(Array("{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":3}".utf8)).id == "3")
  }

  @Test(
    "a malformed request is refused",
    arguments: [
      "", "{", "[]", "{}", "{\"method\":\"SUBSCRIBE\"}", "{\"method\":1}", "{\"method\":\"SUBSCRIBE\",\"params\":[1]}",
      "{\"method\":\"FLY\",\"id\":1}", "{\"method\":\"SUBSCRIBE\",\"params\":[\"a\"]", "{\"id\":99999999999999999999}",
    ])
  func malformed(text: String) {
    #expect(throws: ClientRequest.Failure.self) { try ClientRequest.parse(Array(text.utf8)) }
  }

  @Test("paths tell market, route, envelope and streams")
  func paths() {
    #expect(StreamTarget(uri: "/spot/stream?streams=a@trade/b%40trade")?.streams == ["a@trade", "b@trade"])
    #expect(StreamTarget(uri: "/spot/ws/a@trade/b@trade")?.streams == ["a@trade", "b@trade"])
    #expect(StreamTarget(uri: "/spot/ws")?.isCombined == false)
    #expect(StreamTarget(uri: "/usdm/public/stream")?.route == .publicStreams)
    #expect(StreamTarget(uri: "/usdm/market/ws")?.route == .marketStreams)
    #expect(StreamTarget(uri: "/usdm/stream")?.route == .all)
    for wrong in ["/", "/spot", "/spot/public/stream", "/okx/stream", "/spot/stream/more", "/usdm/private/ws"] {
      #expect(StreamTarget(uri: wrong) == nil, "\(wrong)")
    }
  }

  @Test("stream names are known by market")
  func names() {
    #expect(StreamName("btcusdt@depth@0ms", market: .usdm)?.kind == .depth(speed: 0))
    #expect(StreamName("btcusdt@depth@0ms", market: .spot) == nil)
    #expect(StreamName("btcusdt@depth", market: .spot)?.kind == .depth(speed: 1000))
    #expect(StreamName("BTCUSDT@trade", market: .spot) == nil)
    #expect(StreamName("btcusdt", market: .spot) == nil)
    #expect(StreamName("btc\"usdt@trade", market: .spot) == nil)
    #expect(StreamName("btcusdt@kline_1m", market: .spot)?.kind == .other)
  }

  @Test("depth requests cost what the exchange charges")
  func weights() {
    #expect([5, 100, 101, 1000, 5000].map { MarketRules.spot.weight(ofDepthLimit: $0) } == [5, 5, 25, 50, 250])
    #expect([5, 50, 100, 500, 1000].map { MarketRules.usdm.weight(ofDepthLimit: $0) } == [2, 2, 5, 10, 20])
    #expect(MarketRules.spot.weight(ofDepthLimit: 5001) == nil)
    #expect(MarketRules.usdm.weight(ofDepthLimit: 7) == nil)
  }

  @Test("a ping unanswered in time gives the client up, an answered one does not")
  func heartbeat() {
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    var heartbeat = ServerHeartbeat(interval: .seconds(20), timeout: .seconds(60), now: start)
    #expect(heartbeat.tick(now: start + .seconds(19), interval: nil) == .nothing)
    guard case .ping(let payload) = heartbeat.tick(now: start + .seconds(20), interval: nil) else {
      Issue.record("no ping")
      return
    }
    let foreign = heartbeat.received([0])
    let own = heartbeat.received(payload)
    #expect(!foreign && own)
    _ = heartbeat.tick(now: start + .seconds(40), interval: nil)
    let last = heartbeat.tick(now: start + .seconds(100), interval: nil)
    #expect(last == .timeout)
  }

  @Test("recorded lines are told apart")
  func recordedLines() throws {
    func line(_ text: String) -> RecordingLine? { RecordingLine(Array(text.utf8)[...]) }
    let frame = try #require(line("5 {\"stream\":\"a@trade\",\"data\":{\"e\":\"trade\",\"X\":\"MARKET\"}}"))
    guard case .frame("a@trade", let payload) = frame.content else {
      Issue.record("not a frame")
      return
    }
    #expect(String(decoding: payload, as: UTF8.self) == "{\"e\":\"trade\",\"X\":\"MARKET\"}")
    #expect(frame.market == .usdm)
    let get = try #require(line("6 GET https://api.binance.com/api/v3/depth?symbol=AB&limit=5 {\"lastUpdateId\":1}"))
    guard case .snapshot("AB", _) = get.content else {
      Issue.record("not a snapshot")
      return
    }
    #expect(get.market == .spot)
    #expect(line("7 {\"lastUpdateId\":1,\"E\":2}")?.market == .usdm)
    for wrong in ["", "x", "8", "8 ", "8 {}", "8 {\"stream\":\"a", "99999999999999999999 {}"] {
      #expect(line(wrong) == nil, "\(wrong)")
    }
  }
}
