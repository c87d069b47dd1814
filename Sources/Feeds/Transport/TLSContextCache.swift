import Glibc
import NIOSSL
import Synchronization

/// TLS contexts by trust store: reading the system's takes tens of milliseconds, too long for every reconnect.
/// A file is read again when it has changed. Holds one context a trust store named in the configuration.
final class TLSContextCache: Sendable {
  static let shared = TLSContextCache()

  private struct Entry {
    var stamp: Stamp?
    var context: NIOSSLContext
  }

  private struct Stamp: Equatable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int
  }

  private let entries = Mutex<[TLSRoots: Entry]>([:])

  func context(for roots: TLSRoots) throws -> NIOSSLContext {
    let stamp = Self.stamp(roots)
    return try entries.withLock { entries in
      if let entry = entries[roots], entry.stamp == stamp { return entry.context }
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.applicationProtocols = ["http/1.1"]
      if case .file(let path) = roots { configuration.trustRoots = .file(path) }
      let context = try NIOSSLContext(configuration: configuration)
      entries[roots] = Entry(stamp: stamp, context: context)
      return context
    }
  }

  private static func stamp(_ roots: TLSRoots) -> Stamp? {
    guard case .file(let path) = roots else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size))
  }
}
