import AdminProtocol
import Glibc

/// Reads a payload, bounded by what the protocol takes.
enum PayloadReader {
  /// The text; nil when there is none.
  static func read(_ source: PayloadSource, _ streams: ToolStreams) throws(UsageError) -> String? {
    switch source {
    case .none: return nil
    case .inputFile: return isFreshFile(streams.input) ? try text(of: streams.input, "standard input") : nil
    case .input: return try text(of: streams.input, "standard input")
    case .file(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
      guard descriptor >= 0 else { throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))") }
      defer { close(descriptor) }
      return try text(of: descriptor, path)
    }
  }

  /// Whether it is a file that nothing of has been read. A pipe may never end, and in a shell's loop over the lines of a
  /// file the rest of them is not meant for us.
  private static func isFreshFile(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return lseek(descriptor, 0, SEEK_CUR) == 0
  }

  private static func text(of descriptor: Int32, _ name: String) throws(UsageError) -> String {
    let limit = ProtocolLimits().payloadBytes
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw UsageError("cannot read \(name): \(String(cString: strerror(errno)))") }
      if count == 0 { break }
      bytes += chunk.prefix(count)
      guard bytes.count <= limit else { throw UsageError("\(name) has more than \(limit) bytes") }
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw UsageError("\(name) holds a NUL or is not UTF-8")
    }
    return text
  }
}
