import Glibc

/// Reads a whole small file, without ever waiting for one that is none (a pipe, a device).
enum FileReader {
  /// - Parameter maximum: bytes; of a longer file one byte more is read, so that the caller sees that there is more
  static func read(_ path: String, maximum: Int = YAMLLimits.bytes) -> Result<[UInt8], FileProblem> {
    if path.isEmpty || path.utf8.contains(0) { return .failure(FileProblem("no usable file name")) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return .failure(opening(path)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(system("cannot be examined")) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .failure(FileProblem("is a directory, not a file"))
    default: return .failure(FileProblem("is not a regular file"))
    }
    var bytes = [UInt8](repeating: 0, count: maximum + 1)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(system("cannot be read"))
      }
      filled += count
    }
    bytes.removeLast(bytes.count - filled)
    return .success(bytes)
  }

  /// `directory/name` for a name beside a file; an absolute name stays.
  static func path(of name: String, beside file: String) -> String {
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return file[...slash] + name
  }

  private static func opening(_ path: String) -> FileProblem {
    let reason = errno
    var status = stat()
    if reason == ENOENT, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      return FileProblem("is a symbolic link that leads nowhere")
    }
    errno = reason
    var problem = system("cannot be opened")
    problem.isForTheServiceOnly = reason == EACCES
    return problem
  }

  private static func system(_ what: String) -> FileProblem {
    FileProblem("\(what): \(String(cString: strerror(errno)))")
  }
}

/// Why a file cannot be used.
struct FileProblem: Error, Equatable {
  var message: String
  /// Whether the service may succeed where somebody else does not.
  var isForTheServiceOnly = false

  init(_ message: String, isForTheServiceOnly: Bool = false) {
    self.message = message
    self.isForTheServiceOnly = isForTheServiceOnly
  }
}
