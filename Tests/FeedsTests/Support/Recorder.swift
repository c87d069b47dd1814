import Feeds
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// Writes down what a connection tells, for a test to read from outside the loop.
final class Recorder: WebSocketReceiver, Sendable {
  enum Event: Equatable {
    case opened
    case message(WebSocketMessageKind, [UInt8])
    case burstEnded
    case closed(DisconnectReason)
  }

  typealias Hook = @Sendable (WebSocketConnection<Recorder>) -> Void

  private let log = Mutex<[Event]>([])
  private let counted = Mutex(WebSocketCounters())
  private let held: Mutex<NIOLoopBound<WebSocketConnection<Recorder>>?> = Mutex(nil)
  private let onOpened: Hook
  private let onMessage: Hook

  init(onOpened: @escaping Hook = { _ in }, onMessage: @escaping Hook = { _ in }) {
    self.onOpened = onOpened
    self.onMessage = onMessage
  }

  var events: [Event] { log.withLock { $0 } }
  var counters: WebSocketCounters { counted.withLock { $0 } }
  var messages: [Event] { events.filter { if case .message = $0 { true } else { false } } }

  var closeReasons: [DisconnectReason] {
    events.compactMap { if case .closed(let reason) = $0 { reason } else { nil } }
  }

  func webSocketOpened(_ connection: WebSocketConnection<Recorder>) {
    log.withLock { $0.append(.opened) }
    onOpened(connection)
  }

  func webSocketReceived(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) {
    log.withLock { $0.append(.message(kind, Array(bytes))) }
    if let connection { onMessage(connection) }
  }

  func webSocketBurstEnded() {
    log.withLock { $0.append(.burstEnded) }
    if let connection { counted.withLock { $0 = connection.counters } }
  }

  func webSocketClosed(_ reason: DisconnectReason) {
    if let connection { counted.withLock { $0 = connection.counters } }
    log.withLock { $0.append(.closed(reason)) }
  }

  private var connection: WebSocketConnection<Recorder>? { held.withLock { $0 }?.value }

  /// Dials on a loop of the shared group.
  func connect(
    to text: String, _ options: WebSocketOptions = WebSocketOptions(),
    then: @escaping Hook = { _ in }
  ) async throws {
    let url = try WebSocketURL(text)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    try await loop.submit {
      let connection = WebSocketConnection.connect(to: url, options: options, on: loop, receiver: self)
      self.held.withLock { $0 = NIOLoopBound(connection, eventLoop: loop) }
      then(connection)
    }.get()
  }

  /// Waits for the end and returns why.
  func closed() async throws -> DisconnectReason {
    try await eventually("the connection to close") { !self.closeReasons.isEmpty }
    return try #require(closeReasons.first)
  }
}

struct DeadlinePassed: Error, CustomStringConvertible {
  let description: String
}

/// Polls until a condition holds; fails when ten seconds pass without.
func eventually(_ what: String, _ condition: () -> Bool) async throws {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(10)
  while !condition() {
    guard clock.now < deadline else { throw DeadlinePassed(description: "waited in vain for \(what)") }
    try await Task.sleep(for: .milliseconds(5))
  }
}
