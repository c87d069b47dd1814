import NIOCore
import NIOHTTP1

/// The HTTP side of a connection until, and unless, it is upgraded to a WebSocket.
final class RESTHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let idleLimit = TimeAmount.seconds(60)

  private let core: SimulatorCore
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  private var lastActivity = NIODeadline.now()

  init(core: SimulatorCore) { self.core = core }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    core.requestHandlerAdded(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    core.requestHandlerRemoved(self)
  }

  func channelInactive(context: ChannelHandlerContext) {
    core.requestHandlerRemoved(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastActivity = .now()
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
    case .body:
      break
    case .end:
      guard let head else { return }
      self.head = nil
      core.handle(method: head.method.rawValue, uri: head.uri) { self.write($0, to: head) }
    }
  }

  func close() { context?.close(promise: nil) }

  func closeIfIdle(now: NIODeadline) {
    if now - lastActivity > Self.idleLimit { close() }
  }

  private func write(_ answer: RESTAnswer, to request: HTTPRequestHead) {
    guard let context else { return }
    var headers = HTTPHeaders(answer.headers)
    headers.add(name: "Content-Type", value: "application/json;charset=UTF-8")
    headers.add(name: "Content-Length", value: String(answer.body.count))
    if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: request.version, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    let written = context.eventLoop.makePromise(of: Void.self)
    if !request.isKeepAlive {
      written.futureResult.assumeIsolated().whenComplete { _ in self.close() }
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }
}
