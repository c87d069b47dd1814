import NIOCore

/// The last handler of an upgraded channel: bytes in, whole messages to the receiver.
///
/// It stands in the place of NIO's frame decoder because that allocates for every frame (the frame's storage and the box
/// it travels in), and this is the collector's busiest path.
final class WebSocketFrameHandler<Receiver: WebSocketReceiver>: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let connection: WebSocketConnection<Receiver>
  private var reader: WebSocketFrameReader
  private var hasBurst = false

  init(connection: WebSocketConnection<Receiver>, maxMessageBytes: Int) {
    self.connection = connection
    reader = WebSocketFrameReader(maxMessageBytes: maxMessageBytes)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    connection.upgraded()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard connection.readsFrames else { return }
    let buffer = unwrapInboundIn(data)
    connection.noteBytes(buffer.readableBytes)
    buffer.withUnsafeReadableBytes { bytes in
      var offset = 0
      do throws(WebSocketViolation) {
        // The connection may be closed by what the receiver does with a message: asked anew for every frame.
        while connection.readsFrames, let event = try reader.next(bytes, &offset) {
          reader.withPayload(event.source, in: bytes) { deliver(event.kind, $0) }
        }
      } catch {
        endBurst()
        connection.violated(error)
      }
    }
  }

  private func deliver(_ kind: WebSocketFrameReader.Event.Kind, _ payload: UnsafeRawBufferPointer) {
    switch kind {
    case .text, .binary:
      guard let receiver = connection.openReceiver else { return }
      connection.counters.messages &+= 1
      hasBurst = true
      receiver.webSocketReceived(payload, kind: kind == .text ? .text : .binary)
    case .ping: connection.answerPing(payload)
    case .pong: connection.counters.pongs &+= 1
    case .close:
      // What came before the close is a whole burst, even if it came in the same read.
      endBurst()
      connection.peerCloses(payload)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    endBurst()
    context.fireChannelReadComplete()
  }

  private func endBurst() {
    guard hasBurst else { return }
    hasBurst = false
    guard let receiver = connection.openReceiver else { return }
    connection.counters.bursts &+= 1
    receiver.webSocketBurstEnded()
  }

  func channelInactive(context: ChannelHandlerContext) {
    // A read and the end of the stream may come in one turn of the loop, without a readComplete between them.
    endBurst()
    connection.channelEnded("the peer ended the connection without a close frame")
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    endBurst()
    connection.channelFailed(.connectionLost(transportErrorText(error)))
  }
}
