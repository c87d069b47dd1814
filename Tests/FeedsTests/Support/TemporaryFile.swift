import Glibc

/// A file that is removed with its last reference.
final class TemporaryFile: Sendable {
  struct Failed: Error {}

  let path: String

  init(_ text: String) throws {
    path = "/tmp/feeds-tests-\(UInt64.random(in: .min ... .max)).pem"
    guard let file = fopen(path, "wx") else { throw Failed() }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw Failed() }
  }

  deinit {
    unlink(path)
  }
}
