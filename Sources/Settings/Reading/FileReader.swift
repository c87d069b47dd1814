import Glibc

/// Reads a whole small file, without ever waiting for one that is none (a pipe, a device).
enum FileReader {
  static func read(_ path: String) -> Result<[UInt8], ValueProblem> {
    if path.isEmpty || path.utf8.contains(0) { return .failure(ValueProblem("no usable file name")) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { return .failure(system("cannot be opened")) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(system("cannot be examined")) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return .failure(ValueProblem("is a directory, not a file"))
    default: return .failure(ValueProblem("is not a regular file"))
    }
    // One byte over the limit, so that the check of the text sees that there is more.
    var bytes = [UInt8](repeating: 0, count: YAMLLimits.bytes + 1)
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

  private static func system(_ what: String) -> ValueProblem {
    ValueProblem("\(what): \(String(cString: strerror(errno)))")
  }
}
