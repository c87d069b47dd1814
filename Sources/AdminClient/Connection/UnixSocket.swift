import Glibc

/// A connected Unix stream socket that never blocks longer than it is told.
package final class UnixSocket {
  private let descriptor: Int32

  /// Connects.
  ///
  /// - Parameters:
  ///   - path: A socket file; at most 107 bytes, which is what the kernel takes.
  ///   - deadline: How long a full queue of the listener is waited for.
  package init(path: String, deadline: Deadline) throws(ClientError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
      throw .cannotConnect(path: path, reason: "the path must have 1 to 107 bytes, none of them NUL")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw .cannotConnect(path: path, reason: Self.reason(errno)) }
    while !Self.connect(descriptor, &address) {
      let failure = errno
      // The queue of the listener is full: nothing can be polled for, so it is tried again.
      if failure == EINTR || (failure == EAGAIN && !deadline.isOver) {
        usleep(10_000)
        continue
      }
      close(descriptor)
      if failure == EAGAIN { throw .timedOut("\(path) accepts no connection") }
      throw .cannotConnect(path: path, reason: Self.reason(failure))
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Sends all of it.
  package func send(_ bytes: [UInt8], deadline: Deadline) throws(ClientError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        if Poll.wait([(descriptor, .output)], deadline).isEmpty && deadline.isOver {
          throw .timedOut("the request was not taken")
        }
      // The server may have answered and closed, such as when it has too many connections: its answer is worth reading.
      case EPIPE, ECONNRESET: return
      default: throw .cutOff
      }
    }
  }

  /// Reads what is there, after waiting until something is.
  ///
  /// - Parameter interrupt: Descriptor that ends the wait when it can be read; ``ClientError/interrupted`` then.
  /// - Returns: Some bytes; nil at the end of the connection.
  package func receive(deadline: Deadline, interrupt: Interrupt? = nil) throws(ClientError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count > 0 { return Array(buffer.prefix(count)) }
      if count == 0 || errno == ECONNRESET { return nil }
      guard errno == EAGAIN || errno == EINTR else { return nil }
      var awaited: [(Int32, Poll.Kind)] = [(descriptor, .input)]
      if let interrupt { awaited.append((interrupt.descriptor, .input)) }
      let ready = Poll.wait(awaited, deadline)
      if let interrupt, ready.contains(interrupt.descriptor) || interrupt.isSignalled(), interrupt.isAsked() {
        throw .interrupted
      }
      if ready.isEmpty && deadline.isOver { throw .timedOut("no reply came") }
    }
  }

  private static func connect(_ descriptor: Int32, _ address: inout sockaddr_un) -> Bool {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such socket; is the collector running?"
    case ECONNREFUSED: "nobody listens there; is the collector running?"
    case EACCES: "permission denied; who may open the socket is decided by its group and its directory"
    default: String(cString: strerror(number))
    }
  }
}
