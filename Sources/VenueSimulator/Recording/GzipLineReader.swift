import CZlib

/// Reads the lines of a plain or gzip file one after the other. Not thread-safe; owned by one event loop.
package final class GzipLineReader {
  /// Why a file could not be read.
  package struct Failure: Error, CustomStringConvertible {
    package let path: String
    package let reason: String
    package var description: String { "\(path): \(reason)" }
  }

  /// The longest line that is taken.
  package static let maximumLine = 64 << 20

  private let path: String
  private let file: gzFile
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  package init(path: String) throws(Failure) {
    guard let file = gzopen(path, "rb") else { throw Failure(path: path, reason: "cannot be opened") }
    self.path = path
    self.file = file
  }

  deinit { gzclose(file) }

  /// The next line without its newline; nil at the end of the file.
  package func next() throws(Failure) -> ArraySlice<UInt8>? {
    while true {
      if let end = buffer[position...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        return buffer[position..<end]
      }
      if isAtEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return buffer[position...]
      }
      try fill()
    }
  }

  private func fill() throws(Failure) {
    buffer.removeFirst(position)
    position = 0
    guard buffer.count < Self.maximumLine else {
      throw Failure(path: path, reason: "a line is longer than \(Self.maximumLine) bytes")
    }
    let chunk = max(256 << 10, buffer.count)
    let old = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: chunk))
    let read = buffer.withUnsafeMutableBytes { bytes in
      gzread(file, bytes.baseAddress.map { $0 + old }, UInt32(chunk))
    }
    guard read >= 0 else { throw Failure(path: path, reason: "is damaged") }
    buffer.removeLast(chunk - Int(read))
    if Int(read) < chunk {
      isAtEnd = true
      var code: Int32 = 0
      _ = gzerror(file, &code)
      guard code == Z_OK || code == Z_STREAM_END else { throw Failure(path: path, reason: "ends in the middle") }
    }
  }
}
