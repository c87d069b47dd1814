import Glibc
import Testing

/// Plays the service manager: the datagram socket that its services tell their state.
final class ServiceManager {
  /// What `NOTIFY_SOCKET` is to be.
  let address: String
  /// What has arrived, a datagram an entry, in order.
  private(set) var messages: [String] = []
  private let descriptor: Int32

  /// Listens in a scratch folder, or at a name of the abstract namespace.
  init(in scratch: Scratch, abstract: Bool = false) throws {
    address = abstract ? "@prism-\(getpid())-\(scratch.next())" : "\(scratch.path)/notify"
    descriptor = socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var bytes = Array(address.utf8)
    if abstract { bytes[0] = 0 }
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(2 + bytes.count + (abstract ? 0 : 1))
    let bound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
    }
    try #require(bound == 0, "cannot bind \(address): \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  /// Takes what has arrived.
  func receive() {
    var buffer = [UInt8](repeating: 0, count: 8192)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      messages.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }

  /// The first lines of the messages without the status texts and signs of life: `READY=1`, `RELOADING=1`, ….
  var steps: [String] {
    messages.compactMap { $0.split(separator: "\n").first.map(String.init) }.filter {
      !$0.hasPrefix("STATUS=") && !$0.hasPrefix("WATCHDOG=") && !$0.hasPrefix("EXTEND_TIMEOUT_USEC=")
    }
  }

  /// How many messages begin so.
  func count(_ prefix: String) -> Int { messages.filter { $0.hasPrefix(prefix) }.count }

  /// Waits until the messages are as wanted.
  func until(_ what: String, within limit: Duration = .seconds(15), _ holds: (ServiceManager) -> Bool) async throws {
    try await poll("\(what); received: \(messages)", within: limit) {
      receive()
      return holds(self)
    }
  }
}
