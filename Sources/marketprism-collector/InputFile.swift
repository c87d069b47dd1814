import ArgumentParser
import Glibc

/// Files named on the command line.
enum InputFile {
  /// Throws exit status 66, after a line that says why, when the file cannot be read.
  static func mustBeReadable(_ path: String) throws {
    guard access(path, R_OK) != 0 else { return }
    StandardStreams.error("marketprism-collector: \(path): \(String(cString: strerror(errno)))")
    throw Exit.noInput
  }
}
