import Glibc

/// A listening Unix socket and the file it stands behind.
struct SocketFile {
  let path: String
  let descriptor: Int32
  private let device: dev_t
  private let inode: ino_t

  /// Binds and listens. Nobody can connect before the socket has its mode: until it listens, connecting is refused.
  ///
  /// The directory is locked meanwhile, so that of two collectors started at once one loses, and both know which.
  /// Blocks for 2 s at most.
  static func listen(at path: String, backlog: Int32) throws(AdminSocketError) -> SocketFile {
    var address = try address(of: path)
    let parent = parent(of: path)
    try makeDirectory(parent, for: path)
    let lock = try lockDirectory(parent, for: path)
    defer { close(lock) }
    try clear(path, &address)

    let descriptor = socket(AF_UNIX, streamType, 0)
    guard descriptor >= 0 else { throw .system(path, "cannot make a socket", code: errno) }
    do throws(AdminSocketError) {
      // Linux gives the file the descriptor's mode (less the umask), chmod the exact one.
      guard fchmod(descriptor, 0o660) == 0, withAddress(&address, { bind(descriptor, $0, $1) }) == 0 else {
        throw .system(path, "cannot bind", code: errno)
      }
      var status = stat()
      guard chmod(path, 0o660) == 0, lstat(path, &status) == 0, Glibc.listen(descriptor, backlog) == 0 else {
        let code = errno
        unlink(path)
        throw .system(path, "cannot listen", code: code)
      }
      return SocketFile(path: path, descriptor: descriptor, device: status.st_dev, inode: status.st_ino)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Removes the file unless it has become somebody else's.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
    unlink(path)
  }

  private static var streamType: Int32 {
    Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
  }

  private static func address(of path: String) throws(AdminSocketError) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0), bytes.last != UInt8(ascii: "/") else {
      throw AdminSocketError(path.isEmpty ? "(no path)" : path, "is no path of a file")
    }
    guard bytes.count <= room else {
      throw AdminSocketError(path, "the path has \(bytes.count) bytes, the system takes \(room) at most")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  private static func withAddress(
    _ address: inout sockaddr_un, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func makeDirectory(_ directory: String, for path: String) throws(AdminSocketError) {
    var status = stat()
    if stat(directory, &status) == 0 { return }
    let above = parent(of: directory)
    if errno == ENOENT && above != directory { try makeDirectory(above, for: path) }
    if mkdir(directory, 0o750) == 0 {
      // mkdir obeys the umask, which may take the group's rights away.
      chmod(directory, 0o750)
    } else if errno != EEXIST {
      throw .system(path, "cannot make the directory \(directory)", code: errno)
    }
  }

  private static func lockDirectory(_ directory: String, for path: String) throws(AdminSocketError) -> Int32 {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path, "cannot open the directory \(directory)", code: errno) }
    for _ in 0..<200 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
      if errno != EWOULDBLOCK && errno != EINTR { break }
      usleep(10_000)
    }
    let code = errno
    close(descriptor)
    throw .system(path, "cannot lock the directory \(directory)", code: code)
  }

  /// Removes a socket nobody listens on; anything else at the path is an error and stays.
  private static func clear(_ path: String, _ address: inout sockaddr_un) throws(AdminSocketError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .system(path, "cannot be looked at", code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw AdminSocketError(path, "exists and is no socket; it is left alone")
    }
    let probe = socket(AF_UNIX, streamType, 0)
    guard probe >= 0 else { throw .system(path, "cannot make a socket", code: errno) }
    defer { close(probe) }
    let answered = withAddress(&address) { connect(probe, $0, $1) } == 0
    // EAGAIN: somebody listens, and has more callers waiting than he takes.
    if answered || errno == EAGAIN || errno == EINPROGRESS {
      throw AdminSocketError(path, "something answers there already; is another collector running?")
    }
    guard errno == ECONNREFUSED else { throw .system(path, "cannot find out whether something answers", code: errno) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .system(path, "cannot remove the socket a dead process left", code: errno)
    }
  }
}
