import MarketData
import Testing
import Venues

@Suite("Binance venue")
struct BinanceVenueTests {
  private let venue = BinanceVenue()

  private func instruments(_ count: Int, _ market: MarketType) -> [Instrument] {
    (0..<count).compactMap { venue.instrument("C\($0)USDT", market: market) }
  }

  @Test("the registry knows the venue by name and no other")
  func registry() {
    #expect(VenueRegistry.venue(named: "binance")?.name == "binance")
    #expect(VenueRegistry.venue(named: "Binance") == nil)
    #expect(Set(VenueRegistry.venues.map(\.name)).count == VenueRegistry.venues.count)
  }

  @Test("one instrument: streams, path and query as Binance spells them")
  func smallConnection() {
    let spot = SubscriptionWish(
      market: .spot, instruments: instruments(1, .spot), dataTypes: [.trade, .orderbook, .ticker])
    let plan = venue.connection(spot)
    #expect(plan.path == "stream")
    #expect(plan.query == "streams=c0usdt@trade/c0usdt@depth@100ms/c0usdt@bookTicker")
    #expect(plan.streams == ["c0usdt@trade", "c0usdt@depth@100ms", "c0usdt@bookTicker"])
    let perpetual = SubscriptionWish(
      market: .perpetual, instruments: instruments(1, .perpetual), dataTypes: [.orderbook])
    #expect(venue.connection(perpetual).path == "public/stream")
    #expect(venue.connection(perpetual).streams == ["c0usdt@depth@0ms"])
    var slower = perpetual
    slower.depthSpeed = "500ms"
    #expect(venue.connection(slower).streams == ["c0usdt@depth@500ms"])
  }

  @Test(
    "a connection carries at most 200 streams",
    arguments: [([DataType.trade, .orderbook, .ticker], 66), ([.trade], 200)])
  func instrumentsPerConnection(dataTypes: [DataType], expected: Int) {
    let wish = SubscriptionWish(market: .spot, instruments: instruments(300, .spot), dataTypes: dataTypes)
    #expect(venue.instrumentsPerConnection(wish) == expected)
  }

  @Test("nothing wished for, or nothing that the venue has, needs no connection")
  func nothingWished() {
    let nothing = SubscriptionWish(market: .spot, instruments: [], dataTypes: [.trade])
    #expect(venue.instrumentsPerConnection(nothing) == 0)
    let options = SubscriptionWish(market: .spot, instruments: instruments(2, .spot), dataTypes: [.volatilityIndex])
    #expect(venue.instrumentsPerConnection(options) == 0)
  }

  @Test("requests to add and take away streams, to the byte")
  func subscriptions() {
    #expect(
      venue.subscription(.subscribe, streams: ["btcusdt@trade", "btcusdt@bookTicker"], id: 7)
        == #"{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@bookTicker"],"id":7}"#)
    #expect(
      venue.subscription(.unsubscribe, streams: ["btcusdt@trade"], id: 8)
        == #"{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":8}"#)
  }

  @Test(
    "a snapshot is asked for with the smallest limit that is enough, at Binance's weight",
    arguments: [
      (MarketType.spot, 1, 5, 5), (.spot, 100, 100, 5), (.spot, 101, 500, 25), (.spot, 1000, 1000, 50),
      (.spot, 1001, 5000, 250), (.spot, 90_000, 5000, 250), (.spot, -1, 5, 5), (.perpetual, 5, 5, 2),
      (.perpetual, 51, 100, 5), (.perpetual, 500, 500, 10), (.perpetual, 1000, 1000, 20),
      (.perpetual, 5000, 1000, 20),
    ])
  func snapshotRequests(market: MarketType, depth: Int, limit: Int, weight: Int) throws {
    let instrument = try #require(venue.instrument("BTCUSDT", market: market))
    let path = market == .spot ? "/api/v3/depth" : "/fapi/v1/depth"
    let request = venue.snapshotRequest(instrument, depth: depth)
    #expect(request.target == "\(path)?symbol=BTCUSDT&limit=\(limit)")
    #expect(request.weight == weight)
    #expect(venue.symbol(inSnapshotURL: "https://host" + request.target) == "BTCUSDT")
    #expect(weight <= venue.weightLimit(market: market))
  }

  @Test("URLs of other requests name no snapshot")
  func otherURLs() {
    for url in ["", "/depth", "/depth?", "/api/v3/depth?limit=5", "/api/v3/exchangeInfo?symbol=BTCUSDT", "?"] {
      #expect(venue.symbol(inSnapshotURL: url) == nil)
    }
    #expect(venue.symbol(inSnapshotURL: "https://x/fapi/v1/depth?limit=1000&symbol=ETHUSDT") == "ETHUSDT")
  }

  @Test("rules and addresses differ by market")
  func markets() {
    #expect(venue.sequenceRule(market: .spot) == .firstFollowsLast)
    #expect(venue.sequenceRule(market: .perpetual) == .namesPrevious)
    #expect(venue.endpoints(market: .spot).webSocket == "wss://stream.binance.com:9443")
    #expect(venue.endpoints(market: .perpetual).rest == "https://fapi.binance.com")
    #expect(venue.weightLimit(market: .spot) == 6000)
    #expect(venue.weightLimit(market: .perpetual) == 2400)
  }
}

@Suite("Binance symbols")
struct BinanceSymbolsTests {
  @Test(
    "both spellings, in any case, mean the same instrument",
    arguments: [
      ("BTCUSDT", "BTC-USDT", "BTCUSDT"), ("btc-usdt", "BTC-USDT", "BTCUSDT"), ("ETHBTC", "ETH-BTC", "ETHBTC"),
      ("BTCFDUSD", "BTC-FDUSD", "BTCFDUSD"), ("1000SHIBUSDT", "1000SHIB-USDT", "1000SHIBUSDT"),
      ("USDCUSDT", "USDC-USDT", "USDCUSDT"), ("BTCUSDT_240927", "BTC-USDT-240927", "BTCUSDT_240927"),
      ("RUNEEUR", "RUNE-EUR", "RUNEEUR"), ("foo-bar", "FOO-BAR", "FOOBAR"),
    ])
  func spellings(text: String, symbol: String, venueSymbol: String) {
    let instrument = BinanceSymbols.instrument(text, market: .perpetual)
    #expect(instrument?.symbol == symbol)
    #expect(instrument?.venueSymbol == venueSymbol)
    #expect(instrument?.market == .perpetual)
    #expect(instrument?.exchange == "binance")
  }

  @Test(
    "what cannot be a symbol is none",
    arguments: [
      "", "-", "_", "USDT", "BTC", "XYZ", "-USDT", "BTC-", "BTC--USDT", "A-B-C", "BTC USDT", "BTC/USDT", "BTC.USDT",
      "BTCUSDT\"", "\u{0}USDT", "ÜUSDT", "_USDT", "ABCDEFGHIJKLMNOPQRSTUVWXYZ123USDT", "btc*usdt",
    ])
  func refusals(text: String) {
    #expect(BinanceSymbols.instrument(text, market: .spot) == nil)
  }
}
