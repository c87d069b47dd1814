import Agent
import NIOCore
import NIOPosix

/// One request over a real connection, to see whether a listener of this process answers.
enum HTTPProbe {
  private static let request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
  private static let success = "HTTP/1.1 200"

  /// Whether it answers with 200 before the deadline.
  static func answers(at address: SocketAddress, group: any EventLoopGroup, until deadline: ContinuousClock.Instant)
    async -> Bool
  {
    let left = deadline - .now
    guard left > .zero else { return false }
    return await withDeadline(left) { await ask(address, group) } ?? false
  }

  private static func ask(_ address: SocketAddress, _ group: any EventLoopGroup) async -> Bool {
    do {
      let connection = try await ClientBootstrap(group: group).connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
      return try await connection.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: request))
        var received: [UInt8] = []
        for try await chunk in inbound {
          received += chunk.readableBytesView.prefix(success.utf8.count)
          if received.count >= success.utf8.count { return received.starts(with: success.utf8) }
        }
        return false
      }
    } catch {
      return false
    }
  }
}
