import Feeds
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@Suite("The REST client", .timeLimit(.minutes(1)))
struct RESTClientTests {
  /// Runs a request against a server that answers so.
  private func get(
    _ answer: TestAnswer, deadline: Duration = .seconds(5), maxBytes: Int = 1000
  ) async throws -> RESTResponse {
    let listener = try await TestVenue.listen { channel in
      try channel.pipeline.syncOperations.configureHTTPServerPipeline()
      try channel.pipeline.syncOperations.addHandler(TestAnswerHandler(answer))
    }
    let client = RESTClient(group: MultiThreadedEventLoopGroup.singleton)
    let url = "http://127.0.0.1:\(listener.localAddress?.port ?? 0)/api/v3/depth?symbol=BTCUSDT"
    let result: Result<RESTResponse, any Error>
    do {
      result = .success(try await client.get(url, deadline: deadline, maxBytes: maxBytes))
    } catch {
      result = .failure(error)
    }
    await client.shutdown()
    try await listener.close()
    return try result.get()
  }

  @Test("returns status, headers, used weight and the body")
  func success() async throws {
    let response = try await get(TestAnswer(headers: ["X-MBX-USED-WEIGHT-1M": "250"], body: "{\"lastUpdateId\":1}"))
    #expect(response.status == 200)
    #expect(response.usedWeight == 250)
    #expect(response.retryAfter == nil)
    #expect(String(buffer: response.body) == "{\"lastUpdateId\":1}")
  }

  @Test("a 429 is a response, with its Retry-After")
  func tooManyRequests() async throws {
    let response = try await get(TestAnswer(status: .tooManyRequests, headers: ["Retry-After": "17"], body: "{}"))
    #expect(response.status == 429)
    #expect(response.retryAfter == .seconds(17))
  }

  @Test("a Retry-After or weight that is no sane number is none")
  func nonsense() async throws {
    let headers: HTTPHeaders = ["Retry-After": "99999999999999999999", "X-MBX-USED-WEIGHT-1M": "-1"]
    let response = try await get(TestAnswer(status: .imATeapot, headers: headers, body: ""))
    #expect(response.status == 418)
    #expect(response.retryAfter == nil)
    #expect(response.usedWeight == nil)
  }

  @Test("a redirect is not followed")
  func redirect() async throws {
    let response = try await get(TestAnswer(status: .found, headers: ["Location": "http://127.0.0.1:1/"], body: ""))
    #expect(response.status == 302)
  }

  @Test("a body that never ends, and an answer that never begins, run into the deadline", arguments: [true, false])
  func deadline(begins: Bool) async throws {
    let answer = TestAnswer(body: begins ? "{" : nil, ends: false)
    let begin = ContinuousClock.now
    await #expect(throws: RESTError.timeout) { _ = try await get(answer, deadline: .milliseconds(150)) }
    #expect(ContinuousClock.now - begin < .seconds(4))
  }

  @Test("a body beyond the bound is refused, whether its length is announced or not", arguments: [true, false])
  func tooLarge(announced: Bool) async throws {
    let body = String(repeating: "x", count: 2000)
    let answer = TestAnswer(headers: announced ? ["Content-Length": "2000"] : [:], body: body)
    await #expect(throws: RESTError.tooLarge) { _ = try await get(answer) }
  }

  @Test("a closed port is a transport error")
  func closedPort() async throws {
    let listener = try await TestVenue.listen { _ in }
    let port = listener.localAddress?.port ?? 0
    try await listener.close()
    let client = RESTClient(group: MultiThreadedEventLoopGroup.singleton)
    let error = await #expect(throws: RESTError.self) {
      _ = try await client.get("http://127.0.0.1:\(port)/", deadline: .seconds(2), maxBytes: 10)
    }
    await client.shutdown()
    #expect(error?.description.contains("refused") == true || error == .timeout, "\(String(describing: error))")
  }
}

/// What a test server answers; without a body nothing is answered at all.
private struct TestAnswer {
  var status: HTTPResponseStatus = .ok
  var headers: HTTPHeaders = [:]
  var body: String?
  var ends = true
}

private final class TestAnswerHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answer: TestAnswer

  init(_ answer: TestAnswer) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data), let body = answer.body else { return }
    let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    if answer.ends { context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
  }
}
