import Glibc

/// Why the admin socket cannot be opened; names the path.
public struct AdminSocketError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence with the path in it.
  public let description: String

  init(_ path: String, _ problem: String) {
    description = "admin socket \(path): \(problem)"
  }

  /// Must be made directly after the failed call, before anything changes `errno`.
  static func system(_ path: String, _ action: String, code: Int32) -> AdminSocketError {
    AdminSocketError(path, "\(action): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")")
  }
}
