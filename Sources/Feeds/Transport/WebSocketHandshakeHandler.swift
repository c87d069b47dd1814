import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// Sends the upgrade request and judges every answer that is no upgrade. Taken out of the pipeline by the upgrade.
final class WebSocketHandshakeHandler<Receiver: WebSocketReceiver>: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let connection: WebSocketConnection<Receiver>
  private let request: HTTPRequestHead

  init(connection: WebSocketConnection<Receiver>, url: WebSocketURL, userAgent: String) {
    self.connection = connection
    let headers: HTTPHeaders = ["Host": url.hostHeader, "User-Agent": userAgent]
    request = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.requestTarget, headers: headers)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    // The channel is connected already. Behind TLS the write waits in the TLS handler for the handshake.
    context.write(wrapOutboundOut(.head(request)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let response) = unwrapInboundIn(data) else { return }
    connection.channelFailed(.rejected(status: Int(response.status.code)))
  }

  func channelInactive(context: ChannelHandlerContext) {
    connection.channelFailed(.dialFailed("the peer ended the connection during the upgrade"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let text = transportErrorText(error)
    switch error {
    case is NIOHTTPClientUpgradeError, is HTTPParserError:
      connection.channelFailed(.protocolError("the answer to the upgrade request is invalid: \(text)"))
    default: connection.channelFailed(.dialFailed(text))
    }
  }
}

/// NIO's upgrader proves the server's answer (`Sec-WebSocket-Accept`); the frames after it are our own handler's.
struct WebSocketFrameUpgrader<Receiver: WebSocketReceiver>: NIOHTTPClientProtocolUpgrader {
  let supportedProtocol = "websocket"
  let requiredUpgradeHeaders: [String] = []
  let handshake: WebSocketHandshakeHandler<Receiver>
  let frames: WebSocketFrameHandler<Receiver>
  private let prover = NIOWebSocketClientUpgrader { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }

  init(handshake: WebSocketHandshakeHandler<Receiver>, frames: WebSocketFrameHandler<Receiver>) {
    self.handshake = handshake
    self.frames = frames
  }

  func addCustom(upgradeRequestHeaders: inout HTTPHeaders) {
    prover.addCustom(upgradeRequestHeaders: &upgradeRequestHeaders)
  }

  func shouldAllowUpgrade(upgradeResponse: HTTPResponseHead) -> Bool {
    prover.shouldAllowUpgrade(upgradeResponse: upgradeResponse)
  }

  func upgrade(context: ChannelHandlerContext, upgradeResponse: HTTPResponseHead) -> EventLoopFuture<Void> {
    let pipeline = context.pipeline.syncOperations
    pipeline.removeHandler(handshake, promise: nil)
    let added = Result { try pipeline.addHandler(frames) }
    return context.eventLoop.makeCompletedFuture(added)
  }
}

/// One line for a log, without the wrapping types' names where they only repeat themselves.
func transportErrorText(_ error: any Error) -> String {
  switch error {
  case let error as NIOConnectionError:
    if let dns = error.dnsAError ?? error.dnsAAAAError, error.connectionErrors.isEmpty {
      return "cannot resolve \(error.host): \(dns)"
    }
    let causes = error.connectionErrors.map { "\($0.target): \($0.error)" }
    return causes.joined(separator: "; ")
  default: return "\(error)"
  }
}
