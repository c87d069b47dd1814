import Glibc
import Testing

/// A file with a token, taken away with the value.
final class TokenFile: Sendable {
  static let token = "s3cret-t0ken.for-tests"
  let path: String

  init(_ content: String = TokenFile.token + "\n", mode: mode_t = 0o600) throws {
    var template = Array("/tmp/prism-token-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let bytes = Array(content.utf8)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    fchmod(descriptor, mode)
    close(descriptor)
  }

  deinit { unlink(path) }

  /// Puts something else into the file.
  func rewrite(_ content: String) {
    let descriptor = open(path, O_WRONLY | O_TRUNC)
    let bytes = Array(content.utf8)
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
  }
}

/// curl's options for a request with a token.
func bearer(_ token: String = TokenFile.token) -> String { "-H 'Authorization: Bearer \(token)'" }
