public import NIOCore

/// A client connection to a venue's WebSocket, from the dial to the end.
///
/// Bound to one event loop: make it, call it and be called by it there only. It never blocks and never calls the receiver
/// from inside a call of the owner's, so that the owner may act on it from anywhere, its own callbacks included.
/// The connection holds its receiver until it has told it `closed`; the receiver may hold the connection.
///
/// 1. `connect` dials: name, TCP, TLS, upgrade, all within one deadline. 2. `webSocketOpened`. 3. Messages. 4. A close of
/// either side, a violation, a lost transport or a missing pong ends it: `webSocketClosed`, exactly once.
public final class WebSocketConnection<Receiver: WebSocketReceiver> {
  enum Phase {
    case dialling, open, closing, closed
  }

  /// The loop everything happens on.
  public let eventLoop: any EventLoop
  /// What the connection has seen.
  public internal(set) var counters = WebSocketCounters()
  /// When bytes were read last; when the dial began, before any.
  public private(set) var lastReceived: NIODeadline = .now()

  private(set) var options: WebSocketOptions
  var phase: Phase = .dialling
  /// Whether what still arrives is looked at; after a violation or the peer's close frame it is not.
  private(set) var readsFrames = true
  private var receiver: Receiver?
  private var channel: (any Channel)?
  private var closeReason: DisconnectReason?
  private var deadline: Scheduled<Void>?
  private var keepAlive: WebSocketKeepAlive?
  private var keepAliveTimer: Scheduled<Void>?

  init(options: WebSocketOptions, eventLoop: any EventLoop, receiver: Receiver) {
    self.options = options
    self.eventLoop = eventLoop
    self.receiver = receiver
  }

  /// Whether messages can be sent and are delivered.
  public var isOpen: Bool { phase == .open }

  /// Sends a text message.
  /// - Returns: false when it was refused: not open, or the peer does not read and 256 KiB wait already.
  @discardableResult
  public func send(text: String) -> Bool {
    send(.text, text.utf8)
  }

  /// Sends a binary message; see ``send(text:)``.
  @discardableResult
  public func send(bytes: some Collection<UInt8>) -> Bool {
    send(.binary, bytes)
  }

  /// Closes: a close frame, the peer's answer or ``WebSocketOptions/closeTimeout``, the socket. Breaks off a dial.
  ///
  /// No message is delivered any more. Does nothing on a connection that is closing or closed.
  /// - Parameters:
  ///   - code: What the peer is told; 1000 to 1003 or 3000 to 4999.
  ///   - reason: What `webSocketClosed` will say.
  public func close(code: UInt16 = 1000, because reason: DisconnectReason = .closedByUs) {
    switch phase {
    case .dialling: fail(reason)
    case .open:
      beginClosing(reason)
      write(.close, WebSocketFrameWriter.closePayload(code: code))
    case .closing, .closed: break
    }
  }

  /// Pings at another interval from now on; nil never does.
  public func setPingInterval(_ interval: TimeAmount?) {
    guard interval != options.pingInterval else { return }
    options.pingInterval = interval
    guard isOpen else { return }
    startKeepAlive()
  }

  private func send(_ opcode: FrameOpcode, _ payload: some Collection<UInt8>) -> Bool {
    guard isOpen, let channel, channel.isWritable else {
      counters.sendsRefused &+= 1
      return false
    }
    write(opcode, payload)
    return true
  }

  private func write(
    _ opcode: FrameOpcode, _ payload: some Collection<UInt8>, promise: EventLoopPromise<Void>? = nil
  ) {
    guard let channel else { return }
    var buffer = channel.allocator.buffer(capacity: payload.count + 14)
    WebSocketFrameWriter.write(opcode, payload, mask: .random(in: .min ... .max), into: &buffer)
    channel.writeAndFlush(buffer, promise: promise)
  }

  /// From here on the end is near: the peer's answer or the deadline closes the socket.
  private func beginClosing(_ reason: DisconnectReason) {
    phase = .closing
    closeReason = reason
    keepAliveTimer?.cancel()
    deadline?.cancel()
    deadline = eventLoop.assumeIsolated().scheduleTask(in: options.closeTimeout) { self.closeChannel() }
  }

  private func closeChannel() {
    readsFrames = false
    channel?.close(promise: nil)
  }
}

// MARK: - What the dial and the handlers tell

extension WebSocketConnection {
  func startDeadline() {
    deadline = eventLoop.assumeIsolated().scheduleTask(in: options.dialTimeout) { self.fail(.dialTimeout) }
  }

  func connected(_ channel: any Channel) {
    self.channel = channel
  }

  func upgraded() {
    guard phase == .dialling else { return }
    phase = .open
    deadline?.cancel()
    lastReceived = .now()
    startKeepAlive()
    receiver?.webSocketOpened(self)
  }

  /// The receiver while messages are delivered.
  var openReceiver: Receiver? { phase == .open ? receiver : nil }

  func noteBytes(_ count: Int) {
    lastReceived = .now()
    counters.bytes &+= UInt64(count)
  }

  func answerPing(_ payload: UnsafeRawBufferPointer) {
    counters.pings &+= 1
    guard isOpen else { return }
    guard let channel, channel.isWritable else {
      counters.pongsDropped &+= 1
      return
    }
    write(.pong, payload)
  }

  func peerCloses(_ payload: UnsafeRawBufferPointer) {
    readsFrames = false
    guard isOpen else { return closeChannel() }
    guard let frame = CloseFrame(payload) else {
      return violated(.broken("an invalid close frame"))
    }
    beginClosing(.closedByPeer(code: frame.code, reason: frame.reason))
    writeLast(code: frame.code)
  }

  func violated(_ violation: WebSocketViolation) {
    readsFrames = false
    guard isOpen else { return closeChannel() }
    switch violation {
    case .broken(let text):
      beginClosing(.protocolError(text))
      writeLast(code: 1002)
    case .tooLarge:
      beginClosing(.messageTooLarge)
      writeLast(code: 1009)
    }
  }

  /// A close frame after which nothing is awaited; the socket is closed once it is written.
  private func writeLast(code: UInt16) {
    let written = eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in self.closeChannel() }
    write(.close, WebSocketFrameWriter.closePayload(code: code), promise: written)
  }

  func channelEnded(_ text: String) {
    finish(closeReason ?? .connectionLost(text))
  }

  /// The transport failed: the first reason counts.
  func channelFailed(_ reason: DisconnectReason) {
    if phase == .closing { return closeChannel() }
    fail(reason)
  }

  /// Ends at once, whatever the phase; the receiver hears of it in a later turn of the loop.
  func fail(_ reason: DisconnectReason) {
    guard phase != .closed else { return }
    phase = .closed
    closeReason = closeReason ?? reason
    closeChannel()
    eventLoop.assumeIsolated().execute { self.tellClosed() }
    releaseTimers()
  }

  private func finish(_ reason: DisconnectReason) {
    guard phase != .closed else { return }
    phase = .closed
    closeReason = reason
    releaseTimers()
    // Closing a channel may end it within the owner's own call to us.
    eventLoop.assumeIsolated().execute { self.tellClosed() }
  }

  private func tellClosed() {
    guard let receiver, let closeReason else { return }
    self.receiver = nil
    channel = nil
    receiver.webSocketClosed(closeReason)
  }

  private func releaseTimers() {
    deadline?.cancel()
    keepAliveTimer?.cancel()
  }

  private func startKeepAlive() {
    keepAliveTimer?.cancel()
    keepAlive = options.pingInterval.map {
      WebSocketKeepAlive(interval: $0.nanoseconds, timeout: options.pongTimeout.nanoseconds)
    }
    if let interval = options.pingInterval { scheduleKeepAlive(in: interval.nanoseconds) }
  }

  private func scheduleKeepAlive(in nanoseconds: Int64) {
    keepAliveTimer = eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) { self.tickKeepAlive() }
  }

  private func tickKeepAlive() {
    guard isOpen else { return }
    let now = Int64(clamping: NIODeadline.now().uptimeNanoseconds)
    let last = Int64(clamping: lastReceived.uptimeNanoseconds)
    switch keepAlive?.tick(now: now, lastReceived: last) {
    case .ping(let next):
      write(.ping, [])
      scheduleKeepAlive(in: next)
    case .wait(let next): scheduleKeepAlive(in: next)
    case .timedOut: fail(.pongTimeout)
    case nil: break
    }
  }
}
