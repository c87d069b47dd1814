import NIOCore
import NIOWebSocket

/// One WebSocket connection: its subscriptions, its outgoing bytes, its pings, its faults. Lives on the event loop.
///
/// Frames are gathered in `output` and written once a tick. NIO's frame encoder stands in the pipeline, but bytes are
/// written below it: half a frame and other things no encoder would write have to be possible.
final class WebSocketSession: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame

  /// Bytes gathered before a recording waits for the socket.
  private static let fillingLimit = 128 << 10
  private static let heldMessageLimit = TimeAmount.seconds(1)

  let id: Int
  let target: StreamTarget
  let core: SimulatorCore
  private(set) var subscriptions: [String: StreamName] = [:]
  private(set) var channel: (any Channel)?
  private var encoder: ChannelHandlerContext?
  private var output = ByteBuffer()
  private var outputFrames = 0
  private var pendingBytes = 0
  private var unwritableSince: NIODeadline?
  private var isClosing = false
  private var faultPlan: FaultPlan
  private var messageFaults: MessageFaults
  private var faultsSince = NIODeadline.now()
  private var heldSince: NIODeadline?
  private var cutsNextFrame = false
  private var isSilent = false
  private var heartbeat: ServerHeartbeat
  private var incoming = MessageRate()

  init(id: Int, target: StreamTarget, core: SimulatorCore, plan: FaultPlan) {
    self.id = id
    self.target = target
    self.core = core
    faultPlan = plan
    messageFaults = MessageFaults(seed: core.configuration.seed &+ UInt64(truncatingIfNeeded: id))
    heartbeat = ServerHeartbeat(
      interval: core.configuration.pingInterval.map(TimeAmount.init) ?? .seconds(target.market.rules.pingSeconds),
      timeout: core.configuration.pongTimeout.map(TimeAmount.init) ?? .seconds(target.market.rules.pongSeconds),
      now: .now())
  }

  func handlerAdded(context: ChannelHandlerContext) {
    channel = context.channel
    encoder = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
    core.sessionOpened(self)
    for stream in target.streams.prefix(MarketRules.streamsPerConnection) { _ = subscribe(stream) }
    core.subscriptionsChanged(market: target.market)
  }

  func channelInactive(context: ChannelHandlerContext) {
    core.sessionClosed(self)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    core.sessionClosed(self)
    encoder = nil
    channel = nil
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    unwritableSince = context.channel.isWritable ? nil : .now()
    if context.channel.isWritable { core.sessionDrained() }
    context.fireChannelWritabilityChanged()
  }

  // MARK: What the client says

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    guard !isClosing else { return }
    let limit = target.market.rules.messagesPerSecond
    if incoming.exceeds(limit, now: .now()), core.configuration.enforcesMessageRate {
      core.shared.count { $0.rateLimitedConnections += 1 }
      return close(code: 1008, reason: "Too many requests")
    }
    switch frame.opcode {
    case .text:
      let answer = answer(Array(frame.unmaskedData.readableBytesView))
      if !isSilent { append(.text, answer) }
    case .ping:
      if !isSilent { append(.pong, frame.unmaskedData.readableBytesView) }
    case .pong:
      if heartbeat.received(Array(frame.unmaskedData.readableBytesView)) {
        core.shared.count { $0.pongsReceived += 1 }
      }
    case .connectionClose:
      return close(code: 1000, reason: "")
    default:
      return close(code: 1003, reason: "Unsupported data")
    }
    flush()
  }

  private func answer(_ bytes: [UInt8]) -> [UInt8] {
    let request: ClientRequest
    do {
      request = try ClientRequest.parse(bytes)
    } catch {
      return refusal(error)
    }
    switch request.method {
    case .list:
      let names = subscriptions.keys.sorted().map { "\"\($0)\"" }.joined(separator: ",")
      return Array("{\"result\":[\(names)],\"id\":\(request.id)}".utf8)
    case .unsubscribe:
      for name in request.params { subscriptions[name] = nil }
    case .subscribe:
      guard subscriptions.count + request.params.count <= MarketRules.streamsPerConnection else {
        return refusal(.init(code: 2, message: "Invalid request: too many streams", id: request.id))
      }
      for name in request.params where !core.serves(name, market: target.market) {
        return refusal(.init(code: 2, message: "Invalid request: unknown stream", id: request.id))
      }
      for name in request.params { _ = subscribe(name) }
    }
    core.subscriptionsChanged(market: target.market)
    return Array("{\"result\":null,\"id\":\(request.id)}".utf8)
  }

  private func refusal(_ failure: ClientRequest.Failure) -> [UInt8] {
    Array("{\"error\":{\"code\":\(failure.code),\"msg\":\"\(failure.message)\"},\"id\":\(failure.id)}".utf8)
  }

  /// An unknown stream in the URL is ignored, as the exchange does.
  private func subscribe(_ text: String) -> Bool {
    guard core.serves(text, market: target.market), let name = StreamName(text, market: target.market) else {
      return false
    }
    if !target.carries(name) { core.shared.count { $0.misroutedSubscriptions += 1 } }
    subscriptions[text] = name
    return true
  }

  // MARK: What the client is sent

  /// Whether a recording at full speed may go on to the next line.
  var isReady: Bool {
    isClosing || isSilent || (channel?.isWritable ?? true && output.readableBytes < Self.fillingLimit)
  }

  /// Queues a message for a stream that this connection named `name`.
  func deliver(_ frame: MarketFrame, as name: String) {
    guard !isClosing, !isSilent else { return }
    let message = target.isCombined ? ServerFrame.combined(frame.payload, stream: name) : frame.payload
    guard faultPlan.touchesMessages else { return append(.text, message) }
    for outgoing in messageFaults.apply(faultPlan, to: message, isDepth: frame.isDepth) { append(outgoing) }
    if messageFaults.isHolding, heldSince == nil { heldSince = .now() }
    if !messageFaults.isHolding { heldSince = nil }
  }

  private func append(_ outgoing: MessageFaults.Outgoing) {
    switch outgoing {
    case .text(let bytes): append(.text, bytes)
    case .binary(let bytes): append(.binary, bytes)
    }
  }

  private func append(_ opcode: ServerFrame.Opcode, _ payload: some Collection<UInt8>) {
    guard !isClosing else { return }
    let start = output.writerIndex
    ServerFrame.append(opcode, payload, to: &output)
    outputFrames += 1
    if cutsNextFrame, opcode == .text {
      output.moveWriterIndex(to: start + (output.writerIndex - start) / 2)
      core.shared.countFault("cut-midframe")
      return closeAfterFlush()
    }
    if pendingBytes + output.readableBytes > core.configuration.maximumPendingBytes { closeSlowReader() }
  }

  func flush() {
    let bytes = output.readableBytes
    guard bytes > 0, let encoder, let channel else { return }
    if !messageFaults.counts.isEmpty {
      for (name, number) in messageFaults.counts { core.shared.countFault(name, by: number) }
      messageFaults.counts.removeAll()
    }
    let frames = outputFrames
    core.shared.count {
      $0.framesSent += frames
      $0.bytesSent += bytes
    }
    let written = channel.eventLoop.makePromise(of: Void.self)
    pendingBytes += bytes
    written.futureResult.assumeIsolated().whenComplete { _ in self.pendingBytes -= bytes }
    encoder.writeAndFlush(NIOAny(output), promise: written)
    output = ByteBuffer()
    outputFrames = 0
  }

  // MARK: Time passes

  func tick(now: NIODeadline, plan: FaultPlan) {
    guard !isClosing else { return }
    if plan.generation != faultPlan.generation {
      faultPlan = plan
      faultsSince = now
      isSilent = false
      cutsNextFrame = false
    }
    let age = now - faultsSince
    if let stall = faultPlan.stall, !isSilent, age >= stall {
      flush()
      isSilent = true
      core.shared.countFault("stall")
    }
    if let cut = faultPlan.cutMidFrame, age >= cut { cutsNextFrame = true }
    if let after = faultPlan.close, age >= after {
      core.shared.countFault("close")
      return close(code: 1001, reason: "Going away")
    }
    if let since = unwritableSince, now - since > .seconds(30) { return closeSlowReader() }
    if let since = heldSince, now - since > Self.heldMessageLimit {
      heldSince = nil
      for outgoing in messageFaults.release() { append(outgoing) }
    }
    if !isSilent { beat(now: now) }
    flush()
  }

  private func beat(now: NIODeadline) {
    switch heartbeat.tick(now: now, interval: faultPlan.ping) {
    case .nothing:
      break
    case .ping(let payload):
      append(.ping, payload)
      core.shared.count { $0.pingsSent += 1 }
    case .timeout:
      guard faultPlan.checksPongs else { return heartbeat.forgive() }
      core.shared.count { $0.pongTimeouts += 1 }
      close(code: 1008, reason: "Pong timeout")
    }
  }

  // MARK: The end

  func close(code: UInt16, reason: StaticString) {
    guard !isClosing else { return }
    cutsNextFrame = false
    ServerFrame.append(.close, ServerFrame.closePayload(code: code, reason: reason), to: &output)
    outputFrames += 1
    closeAfterFlush()
  }

  private func closeAfterFlush() {
    isClosing = true
    flush()
    // A reader that does not read would hold the goodbye back for ever, so the wait for it has a deadline.
    let channel = channel
    encoder?.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(pendingBytes > 0 ? 100 : 0)) {
      channel?.close(promise: nil)
    }
  }

  private func closeSlowReader() {
    isClosing = true
    output.clear()
    core.shared.count { $0.slowReadersClosed += 1 }
    channel?.close(promise: nil)
  }
}
