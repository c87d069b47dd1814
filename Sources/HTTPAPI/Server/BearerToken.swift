import Glibc
import NIOPosix

/// Why a token file gives no token; `description` never holds any of its content.
struct TokenFileError: Error, Sendable, Equatable, CustomStringConvertible {
  let description: String

  init(_ file: String, _ problem: String) { description = "\(file): \(problem)" }
}

/// The secret that changing requests must carry, as the token file has it now.
///
/// The file is read for each such request: they are rare, and a token that was replaced or withdrawn counts at once.
struct BearerToken: Sendable {
  /// Bytes of the longest token.
  static let longest = 4096

  private let bytes: [UInt8]
  /// Whether everybody on this machine may read the file.
  let isPublic: Bool

  /// Reads a file off the event loops.
  static func read(_ file: String) async throws(TokenFileError) -> BearerToken {
    let result = try? await NIOThreadPool.singleton.runIfActive { () -> Result<BearerToken, TokenFileError> in
      do throws(TokenFileError) {
        return .success(try BearerToken(file: file))
      } catch {
        return .failure(error)
      }
    }
    guard let result else { throw TokenFileError(file, "cannot be read: the collector is stopping") }
    return try result.get()
  }

  /// Reads a file: one line of visible ASCII characters; blanks and line ends around them do not count.
  init(file: String) throws(TokenFileError) {
    // A pipe that nobody writes to must not hold the reader.
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.system(file, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.system(file, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw TokenFileError(file, "is no regular file") }
    // Room for a line end after the longest token, and a byte more to see that there is more.
    var content = [UInt8](repeating: 0, count: Self.longest + 3)
    var filled = 0
    while filled < content.count {
      let count = content.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      }
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.system(file, code: errno)
      }
      filled += count
    }
    guard let bytes = Self.trimmed(content[..<filled]) else { throw TokenFileError(file, "is empty") }
    guard bytes.count <= Self.longest, filled < content.count else {
      throw TokenFileError(file, "is longer than \(Self.longest) bytes")
    }
    guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw TokenFileError(file, "must hold one line of visible ASCII characters")
    }
    self.bytes = Array(bytes)
    isPublic = status.st_mode & S_IROTH != 0
  }

  /// Whether a presented text is the token. Takes the same time wherever the two differ.
  func matches(_ presented: some Collection<UInt8>) -> Bool {
    guard presented.count == bytes.count else { return false }
    return zip(bytes, presented).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func trimmed(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = content.firstIndex(where: { !isBlank($0) }),
      let last = content.lastIndex(where: { !isBlank($0) })
    else { return nil }
    return content[first...last]
  }

  private static func system(_ file: String, code: Int32) -> TokenFileError {
    TokenFileError(file, "cannot be read: \(strerror(code).map { String(cString: $0) } ?? "error \(code)")")
  }
}
