import Glibc

/// The datagram socket of the service manager. Never waits: a manager that does not read loses messages, not our time.
struct NotifySocket: ~Copyable {
  private let descriptor: Int32
  private let address: sockaddr_un
  private let length: socklen_t

  /// Opens a socket towards `path`; `@` at its beginning stands for the abstract namespace's NUL.
  ///
  /// - Returns: nil when the path does not fit a socket's address or no socket can be had.
  init?(path: String) {
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let isAbstract = bytes.first == 0
    // An abstract name is all the bytes given; a path ends with its NUL.
    let size = (MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2) + bytes.count + (isAbstract ? 0 : 1)
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    self.address = address
    length = socklen_t(size)
  }

  deinit { close(descriptor) }

  /// Sends one message.
  ///
  /// - Returns: 0, or the error number.
  func send(_ message: ServiceMessage) -> Int32 {
    let bytes = Array(message.text.utf8)
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length) < 0 ? errno : 0
      }
    }
  }
}
