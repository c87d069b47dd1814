public import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension WebSocketConnection {
  /// Dials and returns at once. Call it on the loop.
  ///
  /// - Parameters:
  ///   - url: Where to.
  ///   - options: Limits and deadlines.
  ///   - loop: A loop of a `MultiThreadedEventLoopGroup`; everything happens on it.
  ///   - receiver: Held until it is told `closed`.
  public static func connect(
    to url: WebSocketURL, options: WebSocketOptions, on loop: any EventLoop, receiver: Receiver
  ) -> WebSocketConnection {
    let connection = WebSocketConnection(options: options, eventLoop: loop, receiver: receiver)
    connection.startDeadline()
    connection.dial(url)
    return connection
  }

  private func dial(_ url: WebSocketURL) {
    let tls: NIOSSLContext?
    do {
      tls = url.isSecure ? try TLSContextCache.shared.context(for: options.tlsRoots) : nil
    } catch {
      let hint = "cannot load the trusted certificates (is the package ca-certificates installed?)"
      return fail(.dialFailed("\(hint): \(error)"))
    }
    // One message is many reads at worst and one read is many messages at best: 64 KiB holds some 300 trades.
    let allocator = AdaptiveRecvByteBufferAllocator(minimum: 64 << 10, initial: 64 << 10, maximum: 1 << 20)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(options.dialTimeout)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .channelOption(.recvAllocator, value: allocator)
      // Bounded, so that one busy venue cannot starve the others on its loop.
      .channelOption(.maxMessagesPerRead, value: 8)
      .channelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .connect(host: url.host, port: url.port)
      .assumeIsolated()
      .whenComplete { self.dialled($0, url: url, tls: tls) }
  }

  private func dialled(_ result: Result<any Channel, any Error>, url: WebSocketURL, tls: NIOSSLContext?) {
    switch result {
    case .failure(ChannelError.connectTimeout): fail(.dialTimeout)
    case .failure(let error): fail(.dialFailed(transportErrorText(error)))
    case .success(let channel):
      guard phase == .dialling else { return channel.close(promise: nil) }
      connected(channel)
      do {
        try addHandlers(channel.pipeline.syncOperations, url: url, tls: tls)
      } catch {
        fail(.dialFailed(transportErrorText(error)))
      }
    }
  }

  /// Handlers are added to the connected channel, not in the bootstrap's initialiser, which runs once for every address
  /// that is tried. Nothing is lost: in both TLS and HTTP the client speaks first.
  private func addHandlers(
    _ pipeline: ChannelPipeline.SynchronousOperations, url: WebSocketURL, tls: NIOSSLContext?
  ) throws {
    if let tls {
      let isAddress = (try? SocketAddress(ipAddress: url.host, port: url.port)) != nil
      // SNI carries names only; without one the certificate is checked against the peer's address.
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host))
    }
    let frames = WebSocketFrameHandler(connection: self, maxMessageBytes: options.maxMessageBytes)
    let handshake = WebSocketHandshakeHandler(connection: self, url: url, userAgent: options.userAgent)
    let upgrade = NIOHTTPClientUpgradeConfiguration(
      upgraders: [WebSocketFrameUpgrader(handshake: handshake, frames: frames)], completionHandler: { _ in })
    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .forwardBytes, withClientUpgrade: upgrade)
    try pipeline.addHandler(handshake)
  }
}
