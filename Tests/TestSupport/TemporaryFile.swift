import CZlib
import Glibc

/// A file in the folder for temporary ones that is gone with its owner.
package final class TemporaryFile {
  package let path: String

  /// Why a file could not be made.
  package struct Failure: Error {}

  /// Writes `text`, through gzip when `compressed`.
  package convenience init(_ text: String, compressed: Bool = false) throws {
    try self.init(bytes: Array(text.utf8), compressed: compressed)
  }

  /// Writes `bytes`, through gzip when `compressed`.
  package init(bytes: [UInt8], compressed: Bool = false) throws {
    var template = Array("/tmp/marketprism-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // A `gzFile` of mode T writes without compressing.
    guard let file = gzdopen(descriptor, compressed ? "wb" : "wbT") else { throw Failure() }
    let written = bytes.withUnsafeBytes { $0.isEmpty ? 0 : gzwrite(file, $0.baseAddress, UInt32(clamping: $0.count)) }
    guard gzclose(file) == Z_OK, Int(written) == bytes.count else { throw Failure() }
  }

  /// Cuts the file off, or makes it longer with zeros.
  package func resize(to length: Int) throws {
    guard truncate(path, length) == 0 else { throw Failure() }
  }

  /// Bytes on the disk.
  package var length: Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The bytes as they are on the disk.
  package func contents() throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: length)
    guard read(descriptor, &bytes, bytes.count) == bytes.count else { throw Failure() }
    return bytes
  }

  deinit { unlink(path) }
}
