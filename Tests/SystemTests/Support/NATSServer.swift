import CNATS
import Glibc
import Testing

/// A real nats-server on a loopback port that can go and come back.
final class NATSServer {
  let port: Int
  private let scratch: Scratch
  private var program: Program?

  /// Names the port; nothing runs yet.
  init(in scratch: Scratch) throws {
    self.scratch = scratch
    port = try freePort()
  }

  /// Starts it and waits until it listens.
  func start() async throws {
    // Debian installs it where only root looks.
    let path = Files.exists("/usr/sbin/nats-server") ? "/usr/sbin/nats-server" : "nats-server"
    let program = try Program([path, "-a", "127.0.0.1", "-p", "\(port)"], in: scratch)
    self.program = program
    try await poll("nats-server listens: \(program.errors)") {
      try #require(program.end == nil, "nats-server ended: \(program.errors)")
      return program.errors.contains("Server is ready")
    }
  }

  func send(_ signal: Int32) { program?.send(signal) }

  func kill() async throws {
    send(SIGKILL)
    try await program?.ending()
  }
}

/// A subscription through the client library.
final class Subscriber {
  private var connection: OpaquePointer?
  private var subscription: OpaquePointer?

  init(_ server: NATSServer, _ subject: String) throws {
    try #require(natsConnection_ConnectTo(&connection, "nats://127.0.0.1:\(server.port)") == NATS_OK)
    try #require(natsConnection_SubscribeSync(&subscription, connection, subject) == NATS_OK)
    natsSubscription_SetPendingLimits(subscription, -1, -1)
    try #require(natsConnection_FlushTimeout(connection, 5000) == NATS_OK)
  }

  deinit {
    natsSubscription_Destroy(subscription)
    natsConnection_Destroy(connection)
  }

  /// What has arrived so far, a JSON object `{subject, id, payload}` a message; payloads go in as they came.
  func drain() -> [String] {
    var lines: [String] = []
    var message: OpaquePointer?
    while natsSubscription_NextMsg(&message, subscription, 1) == NATS_OK {
      defer { natsMsg_Destroy(message) }
      var id: UnsafePointer<CChar>?
      natsMsgHeader_Get(message, "Nats-Msg-Id", &id)
      let bytes = UnsafeRawBufferPointer(
        start: natsMsg_GetData(message), count: Int(natsMsg_GetDataLength(message)))
      let subject = natsMsg_GetSubject(message).map { String(cString: $0) } ?? ""
      let name = id.map { "\"\(String(cString: $0))\"" } ?? "null"
      lines.append("{\"subject\":\"\(subject)\",\"id\":\(name),\"payload\":\(String(decoding: bytes, as: UTF8.self))}")
    }
    return lines
  }

  /// Collects until this many messages have arrived, and writes them to a file, one a line.
  func collect(_ count: Int, into file: String) async throws {
    var lines: [String] = []
    try await poll("\(count) messages; there are \(lines.count)") {
      lines += drain()
      return lines.count >= count
    }
    try Files.write(lines.joined(separator: "\n") + "\n", to: file)
  }
}
