import AdminProtocol
import Testing

@Suite("refusals over HTTP")
struct ErrorAnswerTests {
  @Test(
    "a path that does not exist is 404 unknown-path",
    arguments: ["/", "/healthz", "/health/", "//health", "/api/v1/snapshot/binance", "/api/v1/snapshot//BTC-USDT"])
  func unknownPath(path: String) async throws {
    try await withServer { curl, _ in
      #expect(await curl.get(path).status == 404)
      #expect(await curl.jq(path, "[.error.code, .error.details.path]") == "[\"unknown-path\",\"\(path)\"]")
    }
  }

  @Test("another method is 405 with Allow", arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
  func method(method: String) async throws {
    try await withServer { curl, _ in
      let reply = await curl.get("/health", "-X \(method)")
      #expect(reply.status == 405 && reply.headers["allow"] == "GET, HEAD")
      #expect(
        reply.body == #"{"error":{"code":"method-not-allowed","message":"/health answers GET, HEAD only","#
          + #""details":{"allow":"GET, HEAD"}}}"# + "\n")
      #expect(await curl.get("/nowhere", "-X \(method)").status == 404)
    }
  }

  @Test("a body that nobody asked for does not disturb the next request of the connection")
  func unwantedBody() async throws {
    try await withServer { curl, _ in
      let url = "http://127.0.0.1:\(curl.port)/health"
      let command = "head -c 3000000 /dev/zero | curl -sS --max-time 20 -o /dev/null -w '%{http_code} ' -H 'Expect:' "
      #expect(
        await Shell.run(command + "--data-binary @- \(url) --next -sS -o /dev/null -w '%{http_code}' \(url)").output
          == "405 200")
    }
  }

  @Test(
    "nonsense in the query is 400 bad-argument and names what is allowed",
    arguments: [
      ("depth=0", "depth"), ("depth=5001", "depth"), ("depth=-1", "depth"), ("depth=%2B5", "depth"),
      ("depth=", "depth"), ("depth=1e3", "depth"), ("depth=99999999999999999999999", "depth"),
      ("format=xml", "format"), ("format=Simple", "format"), ("market=swap", "market"), ("market=", "market"),
      ("levels=5", "levels"), ("depth=5&depth=6", "depth"),
    ])
  func badArgument(query: String, parameter: String) async throws {
    try await withServer { curl, service in
      let path = "/api/v1/orderbook/binance/BTC-USDT?\(query)"
      #expect(await curl.get(path).status == 400)
      #expect(
        await curl.jq(path, "[.error.code, .error.details.parameter]") == "[\"bad-argument\",\"\(parameter)\"]")
      #expect(service.lastBookCall.withLock { $0 == nil })
    }
  }

  @Test("a query that is not name=value pairs is 400", arguments: ["depth", "=5", "depth=5&&market=spot", "&"])
  func malformedQuery(query: String) async throws {
    try await withServer { curl, _ in
      #expect(await curl.jq("/api/v1/orderbook/binance/BTC-USDT?\(query)", ".error.code") == "bad-argument")
    }
  }

  @Test("routes without parameters refuse any, and an empty query is none")
  func needlessQuery() async throws {
    try await withServer { curl, _ in
      #expect(await curl.jq("/health?x=1", ".error.details.allowed") == "none")
      #expect(await curl.get("/health?").status == 200)
    }
  }

  @Test(
    "broken escapes and text that is not UTF-8 are 400 bad-encoding",
    arguments: [
      "/api/v1/orderbook/binance/%zz", "/api/v1/orderbook/binance/%ff", "/api/v1/orderbook/binance/a%00b",
      "/api/v1/orderbook/binance/X%4", "/health?a=%0a", "/%",
    ])
  func encoding(path: String) async throws {
    try await withServer { curl, _ in
      #expect(await curl.get(path).status == 400)
      #expect(await curl.jq(path, ".error.code") == "bad-encoding")
    }
  }

  @Test("escapes in the path are decoded once")
  func decoded() async throws {
    try await withServer { curl, service in
      #expect(await curl.get("/api/v1/orderbook/bin%61nce/BTC%2FUSDT%2541").status == 200)
      #expect(service.lastBookCall.withLock { $0?.symbol } == "BTC/USDT%41")
      #expect(service.lastBookCall.withLock { $0?.exchange } == "binance")
    }
  }

  @Test("a target over the limit is 413, over the header limit the connection says 4xx; both leave the server alive")
  func tooLarge() async throws {
    try await withServer { curl, _ in
      let long = String(repeating: "a", count: 5000)
      let reply = await curl.get("/api/v1/orderbook/binance/\(long)")
      #expect(reply.status == 413 && reply.body.contains(#""code":"too-large""#))
      let refused = await curl.get("/health", "-H 'X-Long: \(String(repeating: "b", count: 40_000))'")
      #expect((400..<500).contains(refused.status))
      #expect(await curl.get("/health").status == 200)
    }
  }

  @Test("what the service refuses passes through with its code, message and details")
  func serviceErrors() async throws {
    try await withServer { curl, service in
      for slug in [ErrorSlug.unknownExchange, .unknownSymbol, .badArgument, .notReady, .timeout] {
        service.set {
          $0.bookError = ProtocolError(slug, "no \"such\" thing\n", fields: [ReplyField("did_you_mean", "okx")])
        }
        let reply = await curl.get("/api/v1/snapshot/okk/BTC-USDT")
        #expect(reply.status == slug.code)
        #expect(
          reply.body == #"{"error":{"code":""# + slug.slug
            + #"","message":"no \"such\" thing\n","details":{"did_you_mean":"okx"}}}"# + "\n")
      }
    }
  }

  @Test("the absolute form of a target, the asterisk form and garbage on the wire are survived")
  func targets() async throws {
    try await withServer { curl, _ in
      #expect(await curl.get("/", "--request-target http://example.org/health").status == 200)
      #expect(await curl.get("/", "--request-target http://example.org").status == 404)
      #expect(await curl.get("/", "--request-target http://").status == 404)
      #expect(await curl.get("/", "-X OPTIONS --request-target '*'").status == 404)
      #expect(await curl.get("/", "--request-target '/health#x'").status == 404)
      let garbage = await Shell.run(
        "printf 'no http at all\\r\\n\\r\\n' | socat -t 5 - TCP:127.0.0.1:\(curl.port)")
      #expect(garbage.output.hasPrefix("HTTP/1.1 400"))
      #expect(await curl.get("/health", "-X BREW").status == 400)
      #expect(await curl.get("/health").status == 200)
    }
  }
}
