import Glibc

/// A WebSocket and HTTP client on plain blocking sockets: it sees every byte the simulator sends, half frames included.
final class SocketClient {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  struct Frame: Equatable {
    let opcode: UInt8
    let payload: [UInt8]
    var text: String { String(decoding: payload, as: UTF8.self) }
  }

  enum Outcome: Equatable {
    case frame(Frame)
    /// The peer closed the socket; so many bytes of an unfinished frame had come.
    case ended(leftover: Int)
    case timeout
  }

  private let descriptor: Int32
  private var received: [UInt8] = []
  private var position = 0

  init(port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure(description: "cannot connect to port \(port)") }
  }

  deinit { close(descriptor) }

  /// Connects and upgrades to a WebSocket.
  convenience init(port: Int, stream path: String, receiveBuffer: Int32? = nil) throws {
    try self.init(port: port, receiveBuffer: receiveBuffer)
    send(
      Array(
        """
        GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
        """.utf8))
    let head = try readHead()
    guard head.hasPrefix("HTTP/1.1 101") else { throw Failure(description: head) }
  }

  /// Sends a GET and returns the head and the body.
  static func get(port: Int, _ path: String) throws -> (head: String, body: [UInt8]) {
    let client = try SocketClient(port: port)
    client.send(Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8))
    let head = try client.readHead()
    while client.fill(seconds: 20) {}
    return (head, Array(client.received[client.position...]))
  }

  func send(text: String) { send(opcode: 1, Array(text.utf8)) }

  func send(opcode: UInt8, _ payload: [UInt8]) {
    let mask: [UInt8] = [1, 2, 3, 4]
    var bytes: [UInt8] = [0x80 | opcode]
    if payload.count < 126 {
      bytes.append(0x80 | UInt8(payload.count))
    } else {
      bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    }
    send(bytes + mask + payload.enumerated().map { $0.element ^ mask[$0.offset % 4] })
  }

  private func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  /// The next frame, waiting for it no longer than `seconds`.
  func next(seconds: Double = 5) -> Outcome {
    while true {
      if let frame = takeFrame() { return .frame(frame) }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, Int32(seconds * 1000)) > 0 else { return .timeout }
      guard fill(seconds: seconds) else { return .ended(leftover: received.count - position) }
    }
  }

  /// Reads frames until `enough` says so; throws when the socket ends or falls silent first.
  @discardableResult
  func frames(seconds: Double = 10, until enough: (Frame) throws -> Bool) throws -> [Frame] {
    var frames: [Frame] = []
    while true {
      switch next(seconds: seconds) {
      case .frame(let frame):
        frames.append(frame)
        if try enough(frame) { return frames }
      case let other:
        let last = frames.last.map { "\($0.opcode) \($0.text.prefix(80))" } ?? "none"
        throw Failure(description: "\(other) after \(frames.count) frames, the last: \(last)")
      }
    }
  }

  private func takeFrame() -> Frame? {
    let available = received.count - position
    guard available >= 2 else { return nil }
    var header = 2
    var length = Int(received[position + 1] & 0x7F)
    if length > 125 {
      let bytes = length == 126 ? 2 : 8
      guard available >= header + bytes else { return nil }
      length = received[(position + 2)..<(position + 2 + bytes)].reduce(0) { $0 << 8 | Int($1) }
      header += bytes
    }
    guard available >= header + length else { return nil }
    let start = position + header
    defer { position = start + length }
    return Frame(opcode: received[position] & 0x0F, payload: Array(received[start..<(start + length)]))
  }

  private func fill(seconds: Double) -> Bool {
    if position > 1 << 20 {
      received.removeFirst(position)
      position = 0
    }
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poll, 1, Int32(seconds * 1000)) > 0 else { return false }
    let read = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { chunk in
      let read = recv(descriptor, chunk.baseAddress, chunk.count, 0)
      if read > 0 { received.append(contentsOf: chunk.prefix(read)) }
      return read
    }
    return read > 0
  }

  private func readHead() throws -> String {
    while true {
      if received.count >= 4 {
        for end in 4...received.count where received[(end - 4)..<end].elementsEqual([13, 10, 13, 10]) {
          position = end
          return String(decoding: received[..<end], as: UTF8.self)
        }
      }
      guard fill(seconds: 5) else { throw Failure(description: "no HTTP head") }
    }
  }
}

/// Runs a shell command and returns what it prints.
func output(of command: String) throws -> String {
  guard let pipe = popen(command, "r") else { throw SocketClient.Failure(description: "cannot run \(command)") }
  var bytes: [UInt8] = []
  var byte = fgetc(pipe)
  while byte != EOF {
    bytes.append(UInt8(truncatingIfNeeded: byte))
    byte = fgetc(pipe)
  }
  pclose(pipe)
  return String(decoding: bytes, as: UTF8.self)
}
