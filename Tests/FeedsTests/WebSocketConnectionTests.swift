import Feeds
import NIOCore
import NIOPosix
import Synchronization
import Testing

@Suite("A WebSocket connection", .timeLimit(.minutes(1)))
struct WebSocketConnectionTests {
  private func text(_ text: String) -> Recorder.Event { .message(.text, Array(text.utf8)) }

  /// Runs a script against a fresh connection and returns what it told once it closed.
  private func run(
    _ options: WebSocketOptions = WebSocketOptions(), recorder: Recorder = Recorder(),
    script: @escaping @Sendable (TestPeer) -> Void
  ) async throws -> Recorder {
    let venue = try await TestVenue(script)
    try await recorder.connect(to: venue.url, options)
    _ = try await recorder.closed()
    try await venue.stop()
    return recorder
  }

  @Test("delivers text and binary messages in order, then the peer's close with code and reason")
  func messages() async throws {
    let recorder = try await run { peer in
      peer.send("one")
      peer.send(.binary, [0, 255])
      peer.send("")
      peer.send(.connectionClose, [0x03, 0xE9] + Array("bye".utf8))
    }
    #expect(recorder.messages == [text("one"), .message(.binary, [0, 255]), text("")])
    #expect(recorder.events.first == .opened)
    #expect(recorder.events.contains(.burstEnded))
    #expect(recorder.closeReasons == [.closedByPeer(code: 1001, reason: "bye")])
    #expect(recorder.counters.messages == 3)
  }

  @Test("joins fragments, with a ping between them, into one message")
  func fragments() async throws {
    let recorder = try await run { peer in
      peer.send(.text, Array("ab".utf8), fin: false)
      peer.send(.ping, [1])
      peer.send(.continuation, Array("cd".utf8), fin: false)
      peer.send(.continuation, Array("ef".utf8))
      peer.send("whole")
      peer.send(.connectionClose, [])
    }
    #expect(recorder.messages == [text("abcdef"), text("whole")])
    #expect(recorder.closeReasons == [.closedByPeer(code: 1005, reason: "")])
  }

  @Test("delivers a message of many megabytes whole")
  func large() async throws {
    let payload = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let recorder = try await run { peer in
      peer.send(.binary, payload)
      peer.send("after")
      peer.send(.connectionClose, [])
    }
    #expect(recorder.messages == [.message(.binary, payload), text("after")])
  }

  @Test("answers a ping with its payload, and a close frame with a close frame")
  func pingAndClose() async throws {
    let held = Mutex<TestPeer?>(nil)
    let recorder = try await run { peer in
      held.withLock { $0 = peer }
      peer.send(.ping, Array("1731000000".utf8))
      peer.send(.connectionClose, [0x03, 0xE8])
    }
    let peer = try #require(held.withLock { $0 })
    try await eventually("pong and close") { peer.received.count == 2 }
    #expect(peer.received.first == .init(opcode: .pong, bytes: Array("1731000000".utf8)))
    #expect(peer.received.last == .init(opcode: .connectionClose, bytes: [0x03, 0xE8]))
    #expect(recorder.counters.pings == 1)
  }

  @Test("sends masked text and binary messages of every length form")
  func sends() async throws {
    let held = Mutex<TestPeer?>(nil)
    let venue = try await TestVenue { peer in held.withLock { $0 = peer } }
    let recorder = Recorder { connection in
      connection.send(text: "hello")
      connection.send(bytes: [UInt8](repeating: 7, count: 300))
      connection.send(bytes: [UInt8](repeating: 9, count: 12_000))
      connection.close(code: 1001)
      let refused = connection.send(text: "too late")
      #expect(!refused)
    }
    try await recorder.connect(to: venue.url)
    #expect(try await recorder.closed() == .closedByUs)
    let peer = try #require(held.withLock { $0 })
    #expect(peer.received.map(\.opcode) == [.text, .binary, .binary, .connectionClose])
    #expect(peer.received.map(\.bytes.count) == [5, 300, 12_000, 2])
    #expect(peer.received.first?.bytes == Array("hello".utf8))
    #expect(peer.received.dropFirst(2).first?.bytes.allSatisfy { $0 == 9 } == true)
    try await venue.stop()
  }

  @Test("a socket closed amid a frame is a lost connection, after the whole messages before it")
  func halfFrame() async throws {
    let recorder = Recorder { $0.send(text: "go") }
    _ = try await run(recorder: recorder) { peer in
      peer.afterNextFrame {
        peer.sendRaw([0x81, 0x02] + Array("ok".utf8) + [0x81, 0x7E, 0x01, 0x00, 0x41])
        peer.close()
      }
    }
    #expect(recorder.messages == [text("ok")])
    guard case .connectionLost = recorder.closeReasons.first else {
      Issue.record("closed with \(recorder.closeReasons)")
      return
    }
    #expect(recorder.closeReasons.count == 1)
  }

  @Test("frames that drip byte by byte are put together")
  func drip() async throws {
    let recorder = try await run { peer in
      let bytes: [UInt8] = [0x81, 0x7E, 0x00, 0x80] + [UInt8](repeating: 65, count: 128) + [0x88, 0x00]
      for (index, byte) in bytes.enumerated() {
        peer.channel.eventLoop.scheduleTask(in: .microseconds(Int64(index) * 300)) { peer.sendRaw([byte]) }
      }
    }
    #expect(recorder.messages == [text(String(repeating: "A", count: 128))])
  }

  @Test(
    "a message beyond the limit, in one frame or in fragments, closes with 1009",
    arguments: [[101], [60, 60]])
  func oversized(sizes: [Int]) async throws {
    var options = WebSocketOptions()
    options.maxMessageBytes = 100
    let held = Mutex<TestPeer?>(nil)
    let recorder = try await run(options) { peer in
      held.withLock { $0 = peer }
      for (index, size) in sizes.enumerated() {
        peer.send(
          index == 0 ? .binary : .continuation, [UInt8](repeating: 0, count: size), fin: index == sizes.count - 1)
      }
    }
    #expect(recorder.closeReasons == [.messageTooLarge])
    #expect(recorder.messages.isEmpty)
    let peer = try #require(held.withLock { $0 })
    try await eventually("the close frame") { peer.received.last?.bytes == [0x03, 0xF1] }
  }

  @Test("a violation of the protocol closes with 1002")
  func violation() async throws {
    let held = Mutex<TestPeer?>(nil)
    let recorder = try await run { peer in
      held.withLock { $0 = peer }
      peer.sendRaw([0x83, 0x00])
    }
    #expect(recorder.closeReasons == [.protocolError("reserved opcode 3")])
    let peer = try #require(held.withLock { $0 })
    try await eventually("the close frame") { peer.received.last?.bytes == [0x03, 0xEA] }
  }

  @Test("delivers nothing after the owner closed from inside a message, and closed exactly once")
  func closeInside() async throws {
    let recorder = Recorder(onMessage: { $0.close(because: .staleTimeout) })
    _ = try await run(recorder: recorder) { peer in
      peer.sendRaw([0x81, 0x01, 0x61, 0x81, 0x01, 0x62, 0x81, 0x01, 0x63])
    }
    #expect(recorder.messages == [text("a")])
    #expect(recorder.closeReasons == [.staleTimeout])
  }

  @Test("a peer that never answers our close frame is cut off at the deadline")
  func closeTimeout() async throws {
    var options = WebSocketOptions()
    options.closeTimeout = .milliseconds(50)
    let recorder = Recorder { $0.close() }
    // Reading is off: the close frame is never seen.
    _ = try await run(options, recorder: recorder) { peer in
      peer.channel.setOption(.autoRead, value: false).whenFailure { Issue.record($0) }
    }
    #expect(recorder.closeReasons == [.closedByUs])
  }

  @Test("pings of our own are sent; a peer that goes silent is given up")
  func keepAlive() async throws {
    var options = WebSocketOptions()
    options.pingInterval = .milliseconds(30)
    options.pongTimeout = .milliseconds(60)
    let held = Mutex<TestPeer?>(nil)
    let recorder = try await run(options) { peer in held.withLock { $0 = peer } }
    #expect(recorder.closeReasons == [.pongTimeout])
    let peer = try #require(held.withLock { $0 })
    try await eventually("the ping") { peer.received.first == .init(opcode: .ping, bytes: []) }
  }

  @Test("a silent peer that answers pings is kept")
  func answeredPings() async throws {
    var options = WebSocketOptions()
    options.pingInterval = .milliseconds(20)
    options.pongTimeout = .seconds(5)
    let recorder = try await run(options) { peer in
      peer.answersPings = true
      peer.afterNextFrame { peer.afterNextFrame { peer.send(.connectionClose, [0x0F, 0xA0]) } }
    }
    #expect(recorder.closeReasons == [.closedByPeer(code: 4000, reason: "")])
    #expect(recorder.counters.pongs >= 1)
  }
}
