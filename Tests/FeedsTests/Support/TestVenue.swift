import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// A small WebSocket server on loopback whose every connection runs a script.
struct TestVenue {
  let port: Int
  private let channel: any Channel

  var url: String { "ws://127.0.0.1:\(port)/stream?streams=a" }

  /// - Parameters:
  ///   - accepts: Whether the upgrade is accepted; if not, 404 is answered.
  ///   - script: Runs on the connection's loop once it is upgraded.
  init(
    tls: NIOSSLContext? = nil, accepts: Bool = true, _ script: @escaping @Sendable (TestPeer) -> Void = { _ in }
  ) async throws {
    channel = try await Self.listen { channel in
      let upgrader = NIOWebSocketServerUpgrader(
        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
        upgradePipelineHandler: { channel, _ in
          channel.eventLoop.makeCompletedFuture {
            let raw = try channel.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
            let peer = TestPeer(channel: channel, raw: NIOLoopBound(raw, eventLoop: channel.eventLoop))
            try channel.pipeline.syncOperations.addHandler(TestPeerHandler(peer: peer))
            // The upgrade response goes out before what the script sends.
            channel.eventLoop.execute { script(peer) }
          }
        })
      if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
      let upgrade = NIOHTTPServerUpgradeConfiguration(upgraders: accepts ? [upgrader] : [], completionHandler: { _ in })
      try channel.pipeline.syncOperations.configureHTTPServerPipeline(withServerUpgrade: accepts ? upgrade : nil)
      if !accepts { try channel.pipeline.syncOperations.addHandler(NotFoundHandler()) }
    }
    port = channel.localAddress?.port ?? 0
  }

  /// A port that accepts connections and then does what the initialiser adds, or nothing.
  static func listen(_ initialiser: @escaping @Sendable (any Channel) throws -> Void) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in channel.eventLoop.makeCompletedFuture { try initialiser(channel) } }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  func stop() async throws {
    try await channel.close()
  }
}

/// The server's end of one connection.
final class TestPeer: Sendable {
  struct Received: Equatable {
    var opcode: WebSocketOpcode
    var bytes: [UInt8]
  }

  let channel: any Channel
  private let raw: NIOLoopBound<ChannelHandlerContext>
  private let log = Mutex<[Received]>([])
  private let answers = Mutex(false)
  private let hook = Mutex<(@Sendable () -> Void)?>(nil)

  init(channel: any Channel, raw: NIOLoopBound<ChannelHandlerContext>) {
    self.channel = channel
    self.raw = raw
  }

  var answersPings: Bool {
    get { answers.withLock { $0 } }
    set { answers.withLock { $0 = newValue } }
  }

  var received: [Received] { log.withLock { $0 } }

  func note(_ frame: WebSocketFrame) {
    let bytes = Array(frame.unmaskedData.readableBytesView)
    log.withLock { $0.append(Received(opcode: frame.opcode, bytes: bytes)) }
    // Taken first, run after: a hook may set the next one.
    let next = hook.withLock { $0.take() }
    next?()
  }

  /// Runs something when the next frame has come.
  func afterNextFrame(_ body: @escaping @Sendable () -> Void) {
    hook.withLock { $0 = body }
  }

  func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8], fin: Bool = true) {
    let frame = WebSocketFrame(fin: fin, opcode: opcode, data: ByteBuffer(bytes: bytes))
    channel.writeAndFlush(frame, promise: nil)
  }

  func send(_ text: String) {
    send(.text, Array(text.utf8))
  }

  /// Bytes past the frame encoder, right or wrong.
  func sendRaw(_ bytes: [UInt8]) {
    raw.value.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
  }

  func close() {
    channel.close(promise: nil)
  }
}

private final class TestPeerHandler: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  private let peer: TestPeer

  init(peer: TestPeer) {
    self.peer = peer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    peer.note(frame)
    if frame.opcode == .ping, peer.answersPings { peer.send(.pong, Array(frame.unmaskedData.readableBytesView)) }
    // A peer that was closed by the client answers, as the protocol wants it.
    if frame.opcode == .connectionClose { peer.send(.connectionClose, Array(frame.unmaskedData.readableBytesView)) }
  }
}

private final class NotFoundHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .end = unwrapInboundIn(data) else { return }
    let head = HTTPResponseHead(version: .http1_1, status: .notFound, headers: ["Content-Length": "0"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }
}
