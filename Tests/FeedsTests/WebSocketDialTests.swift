import Feeds
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@Suite("A dial", .timeLimit(.minutes(1)))
struct WebSocketDialTests {
  @Test("an HTTP answer that is no upgrade is a rejection with its status")
  func rejected() async throws {
    let venue = try await TestVenue(accepts: false)
    let recorder = Recorder()
    try await recorder.connect(to: venue.url)
    #expect(try await recorder.closed() == .rejected(status: 404))
    #expect(recorder.events == [.closed(.rejected(status: 404))])
    try await venue.stop()
  }

  @Test("a 101 without the right proof, and an answer that is no HTTP, are protocol errors")
  func forged() async throws {
    let answers = [
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: bm9uc2Vuc2U=\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ]
    for answer in answers {
      let listener = try await TestVenue.listen { channel in
        try channel.pipeline.syncOperations.addHandler(AnswerOnce(answer: answer))
      }
      let recorder = Recorder()
      try await recorder.connect(to: "ws://127.0.0.1:\(listener.localAddress?.port ?? 0)")
      let reason = try await recorder.closed()
      #expect(reason.slug == "protocol_error", "\(reason)")
      try await listener.close()
    }
  }

  @Test("a closed port fails at once and says so")
  func closedPort() async throws {
    let listener = try await TestVenue.listen { _ in }
    let port = listener.localAddress?.port ?? 0
    try await listener.close()
    let recorder = Recorder()
    try await recorder.connect(to: "ws://127.0.0.1:\(port)/")
    let reason = try await recorder.closed()
    #expect(reason.slug == "dial_failed")
    #expect(reason.description.lowercased().contains("refused"), "\(reason)")
  }

  @Test("a port that accepts and never answers runs into the deadline", arguments: ["ws", "wss"])
  func silentPort(scheme: String) async throws {
    let listener = try await TestVenue.listen { _ in }
    var options = WebSocketOptions()
    options.dialTimeout = .milliseconds(100)
    let recorder = Recorder()
    try await recorder.connect(to: "\(scheme)://127.0.0.1:\(listener.localAddress?.port ?? 0)/", options)
    #expect(try await recorder.closed() == .dialTimeout)
    try await listener.close()
  }

  @Test("closing during the dial ends it, told once and not from inside the call")
  func closedWhileDialling() async throws {
    let listener = try await TestVenue.listen { _ in }
    let recorder = Recorder()
    try await recorder.connect(to: "ws://127.0.0.1:\(listener.localAddress?.port ?? 0)/") { connection in
      connection.close()
      #expect(recorder.events.isEmpty)
    }
    #expect(try await recorder.closed() == .closedByUs)
    try await listener.close()
    #expect(recorder.events == [.closed(.closedByUs)])
  }

  @Test("TLS verifies chain and name: the right trust store connects, the wrong store or name does not")
  func tls() async throws {
    let file = try TemporaryFile(TestCertificate.certificate)
    let certificate = try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem)
    let key = try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)
    let context = try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
    let venue = try await TestVenue(tls: context) { peer in
      peer.send("secret")
      peer.send(.connectionClose, [])
    }

    var trusting = WebSocketOptions()
    trusting.tlsRoots = .file(file.path)
    let good = Recorder()
    try await good.connect(to: "wss://localhost:\(venue.port)/", trusting)
    #expect(try await good.closed() == .closedByPeer(code: 1005, reason: ""))
    #expect(good.messages == [.message(.text, Array("secret".utf8))])

    let wrongStore = Recorder()
    try await wrongStore.connect(to: "wss://localhost:\(venue.port)/")
    #expect(try await wrongStore.closed().slug == "dial_failed")

    let wrongName = Recorder()
    try await wrongName.connect(to: "wss://127.0.0.1:\(venue.port)/", trusting)
    #expect(try await wrongName.closed().slug == "dial_failed")

    var missing = WebSocketOptions()
    missing.tlsRoots = .file("/nonexistent/ca.pem")
    let noFile = Recorder()
    try await noFile.connect(to: "wss://localhost:\(venue.port)/", missing)
    #expect(try await noFile.closed().slug == "dial_failed")
    try await venue.stop()
  }
}

/// Answers whatever comes first with fixed text.
private final class AnswerOnce: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let answer: String

  init(answer: String) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
  }
}
