import Dispatch
import Foundation
import Glibc
import Testing

struct TemporaryDirectory {
  let path: String

  init() throws {
    var template = Array("/tmp/admin-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    // Processes of other users shall come as far as the socket.
    chmod(template, 0o755)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs what blocks away from the threads that run tasks: the server's commands need those.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}

/// Runs a program with the pieces as its input and returns its output.
func output(of program: [String], input pieces: [[UInt8]]) async throws -> String {
  try await blocking {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = program
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    for piece in pieces { try? input.fileHandleForWriting.write(contentsOf: piece) }
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

/// What `echo TEXT | socat - UNIX-CONNECT:PATH` prints.
///
/// - Parameter patience: Seconds socat waits for more after its own end of input; for what keeps this build busy for longer
///   than the half a second that is socat's default.
func socat(_ path: String, _ text: String, patience: Double = 0.5) async throws -> String {
  try await output(of: ["socat", "-t", String(patience), "-", "UNIX-CONNECT:\(path)"], input: [Array(text.utf8)])
}

/// A reply without its signs of life; on a busy machine any command may show some.
func withoutProgress(_ reply: String) -> String {
  reply.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0 + "\n" }.joined()
}

enum TestTools {
  /// What can be read until `isWhole` says so, the other side closes, or 5 s are over.
  static func receive(
    from descriptor: Int32, until isWhole: @escaping @Sendable (String) -> Bool
  ) async throws -> String {
    try await blocking {
      var received: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65536)
      let deadline = ContinuousClock.now + .seconds(5)
      while ContinuousClock.now < deadline {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 100) > 0 else { continue }
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return String(decoding: received, as: UTF8.self) }
        received += buffer.prefix(count)
        if isWhole(String(decoding: received, as: UTF8.self)) { break }
      }
      return String(decoding: received, as: UTF8.self)
    }
  }
}

/// socat kept open, as a person at a terminal has it.
final class SocatSession {
  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())

  init(_ path: String) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["socat", "-", "UNIX-CONNECT:\(path)"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  func send(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Array(text.utf8)) }

  func receive(until isWhole: @escaping @Sendable (String) -> Bool) async throws -> String {
    try await TestTools.receive(from: output.fileHandleForReading.fileDescriptor, until: isWhole)
  }

  func end() async throws {
    try? input.fileHandleForWriting.close()
    let process = process
    try await blocking { process.waitUntilExit() }
  }
}

/// A connection whose every step a test decides.
final class RawClient: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
  }

  deinit { Glibc.close(descriptor) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// As a process that dies with input unread: the other side gets a reset.
  func endAbruptly() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    shutdown(descriptor, Int32(SHUT_RDWR))
  }

  /// What comes until `isWhole` says so, the other side closes, or 5 s are over.
  func receive(until isWhole: @escaping @Sendable (String) -> Bool = { _ in false }) async throws -> String {
    try await TestTools.receive(from: descriptor, until: isWhole)
  }

  /// One reply: up to a trailer.
  func reply() async throws -> String {
    try await receive { $0.split(separator: "\n").contains { $0.hasPrefix("OK") || $0.hasPrefix("ERR") } }
  }
}

/// Waits until it holds, 5 s at most.
func eventually(_ holds: () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(5)
  while !holds() {
    if ContinuousClock.now > deadline { return false }
    try await Task.sleep(for: .milliseconds(5))
  }
  return true
}
