import AdminProtocol
import MarketData
import Testing

@Suite("books over HTTP")
struct BookRouteTests {
  @Test("a cached snapshot says how old it is, and keeps digits and ids exact")
  func cached() async throws {
    try await withServer { curl, service in
      let path = "/api/v1/snapshot/binance/BTC-USDT/cached?market=spot&depth=2"
      // The text, not jq's reading of it: a double cannot hold this id.
      #expect(await curl.get(path).body.contains(#""sequence":9007199254740993,"#))
      #expect(
        await curl.jq(path, "[.age_ms, .synchronised, .source, .market_type, .instrument_id, .timestamp]")
          == #"[40,true,"book","spot","BTCUSDT","2026-11-22T21:38:13Z"]"#)
      #expect(await curl.jq(path, ".bids") == #"[["61659.70","0.50"],["61659.60","0.50"]]"#)
      #expect(await curl.jq(path, ".asks") == #"[["61659.80","491529632100"],["61659.90","491529632100"]]"#)
      let call = try #require(service.lastBookCall.withLock { $0 })
      #expect(call.exchange == "binance" && call.market == .spot && call.symbol == "BTC-USDT" && call.depth == 2)
    }
  }

  @Test("a book that is not synchronised is 503 not-ready with the reason, cached, legacy and simple alike")
  func notSynchronised() async throws {
    try await withServer { curl, service in
      service.set { values in
        values.book.isSynchronised = false
        values.book.reason = "gap after 17"
      }
      for path in [
        "/api/v1/snapshot/binance/BTC-USDT/cached", "/api/v1/orderbook/binance/BTC-USDT?format=legacy",
        "/api/v1/orderbook/binance/BTC-USDT?format=simple",
      ] {
        let reply = await curl.get(path)
        #expect(reply.status == 503)
        #expect(
          reply.body == #"{"error":{"code":"not-ready","message":"the book of binance spot BTC-USDT is not "#
            + #"synchronised: gap after 17","details":{"exchange":"binance","market":"spot","symbol":"BTC-USDT","#
            + #""reason":"gap after 17","age_ms":"40"}}}"# + "\n")
      }
      #expect(
        await curl.jq(
          "/api/v1/orderbook/binance/BTC-USDT",
          "[.is_synced, .is_valid, .sync_status.synchronised, .sync_status.reason]")
          == #"[false,false,false,"gap after 17"]"#)
    }
  }

  @Test("a fresh snapshot names the exchange as its source")
  func fresh() async throws {
    try await withServer { curl, service in
      #expect(
        await curl.jq("/api/v1/snapshot/binance/BTC-USDT", "[.source, .synchronised, (.bids | length)]")
          == #"["exchange",true,3]"#)
      #expect(service.lastBookCall.withLock { $0?.depth } == 100)
      service.set { $0.bookError = ProtocolError(.notReady, "binance answered 429 until 21:40:00Z") }
      #expect(await curl.get("/api/v1/snapshot/binance/BTC-USDT").status == 503)
    }
  }

  @Test("the three formats of an order book")
  func formats() async throws {
    try await withServer { curl, service in
      let path = "/api/v1/orderbook/binance/BTC-USDT"
      #expect(
        await curl.get(path + "?depth=1").body
          == #"{"exchange_name":"binance","symbol_name":"BTC-USDT","market_type":"spot","#
          + #""last_update_id":9007199254740993,"timestamp":"2026-11-22T21:38:13Z","#
          + #""collected_at":"2026-11-22T21:38:13.210Z","bids":[{"price":"61659.70","quantity":"0.50"}],"#
          + #""asks":[{"price":"61659.80","quantity":"491529632100"}],"update_type":"snapshot","depth_levels":1,"#
          + #""is_valid":true,"is_synced":true,"sync_status":{"synchronised":true,"reason":null,"#
          + #""sequence":9007199254740993,"age_ms":40,"gaps":1,"resynchronisations":2,"bid_levels":1000,"#
          + #""ask_levels":900}}"# + "\n")
      #expect(
        await curl.jq(path + "?format=legacy", "keys_unsorted")
          == #"["exchange_name","symbol_name","market_type","last_update_id","timestamp","collected_at","bids","asks"]"#
      )
      #expect(
        await curl.jq(path + "?format=simple", ".bids, keys_unsorted")
          == #"[["61659.70","0.50"],["61659.60","0.50"],["61659.50","0.50"]]"# + "\n"
          + #"["exchange","market_type","symbol","last_update_id","timestamp","bids","asks"]"#)
      _ = await curl.get(path)
      let call = try #require(service.lastBookCall.withLock { $0 })
      #expect(call.market == nil && call.depth == 20)
    }
  }

  @Test("a crossed or one-sided book is not valid")
  func invalid() async throws {
    try await withServer { curl, service in
      service.set { swap(&$0.book.bids, &$0.book.asks) }
      #expect(await curl.jq("/api/v1/orderbook/binance/BTC-USDT", ".is_valid") == "false")
      service.set { $0.book.asks = [] }
      #expect(await curl.jq("/api/v1/orderbook/binance/BTC-USDT", "[.is_valid, .asks]") == "[false,[]]")
    }
  }

  @Test("five thousand levels a side arrive whole")
  func deep() async throws {
    try await withServer { curl, service in
      service.set { $0.book = FakeService.bookView(levels: 5000) }
      #expect(
        await curl.jq("/api/v1/orderbook/binance/BTC-USDT?depth=5000", "[(.bids | length), (.asks | length)]")
          == "[5000,5000]")
    }
  }
}
