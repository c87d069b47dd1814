import Glibc
import Synchronization
import Testing

/// What a server does after it has received something.
enum Step: Sendable {
  case send(String)
  case wait(milliseconds: UInt32)
  case close
}

/// A server on a Unix socket of its own, in a thread: it waits for a line and then does what it was told for it.
final class FakeServer: Sendable {
  let path: String
  private let listener: Int32
  private let folder: String
  private let received = Mutex<[String]>([])
  private let stopped = Atomic<Bool>(false)

  /// `answer` gets a line without its end; lines of a payload are lines.
  init(_ answer: @escaping @Sendable (String) -> [Step]) throws {
    var template = Array("/tmp/ctl-fake-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = folder + "/c.sock"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    try #require(listener >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(bound && listen(listener, 8) == 0)
    let thread = ServingThread { [weak self] in
      while let server = self, !server.stopped.load(ordering: .relaxed) { server.serveOne(answer) }
    }
    try thread.start()
  }

  /// Lines that have come, in order.
  var lines: [String] { received.withLock { $0 } }

  func stop() {
    guard !stopped.exchange(true, ordering: .relaxed) else { return }
    unlink(path)
    rmdir(folder)
  }

  deinit {
    stop()
    close(listener)
  }

  private func serveOne(_ answer: (String) -> [Step]) {
    var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, 50) > 0 else { return }
    let connection = accept(listener, nil, nil)
    guard connection >= 0 else { return }
    defer { close(connection) }
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while !stopped.load(ordering: .relaxed) {
      var entry = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 50) > 0 else { continue }
      guard read(connection, &byte, 1) == 1 else { return }
      guard byte == UInt8(ascii: "\n") else {
        line.append(byte)
        continue
      }
      let text = String(decoding: line, as: UTF8.self)
      line = []
      received.withLock { $0.append(text) }
      for step in answer(text) {
        switch step {
        case .send(let text):
          let bytes = Array(text.utf8)
          guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
        case .wait(let milliseconds): usleep(milliseconds * 1000)
        case .close: return
        }
      }
    }
  }
}

/// A detached thread that runs a closure once.
private struct ServingThread {
  let body: @Sendable () -> Void

  func start() throws {
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    try #require(failure == 0)
    pthread_detach(thread)
  }

  final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
