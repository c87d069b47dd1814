import NIOCore
import NIOPosix
import Testing

/// A port that takes connections and never says a word.
struct SilentServer {
  private let channel: any Channel
  let port: Int

  init() async throws {
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    port = try #require(channel.localAddress?.port)
  }

  func stop() async throws { try await channel.close().get() }

  /// A port on which nobody listens.
  static func closedPort() async throws -> Int {
    let server = try await SilentServer()
    try await server.stop()
    return server.port
  }
}
