import CZlib
import Glibc

/// Reads recorded traffic, plain or gzip, line by line: `<receive time, ns> <frame>`, `<ns> OPEN <url>`,
/// `<ns> SEND <frame>`, `<ns> GET <url> <body>`.
public final class RecordingReader {
  /// The longest line that is read: 64 MiB.
  public static let maximumLineBytes = 64 << 20

  private let path: String
  private let file: gzFile
  private var buffer: UnsafeMutableRawPointer
  private var capacity = 4 << 20
  private var start = 0
  private var end = 0
  private var reachedEnd = false
  /// Lines read so far.
  public private(set) var lineNumber = 0
  /// Whether the file broke off in the middle of its compression; what is whole before it was read.
  public private(set) var isTruncated = false

  /// Opens `path`.
  ///
  /// - Throws: ``RecordingError``.
  public init(path: String) throws(RecordingError) {
    guard let file = gzopen(path, "rb") else {
      let reason = String(cString: strerror(errno))
      throw RecordingError(path: path, line: 0, reason: "cannot be opened: \(reason)")
    }
    self.path = path
    self.file = file
    buffer = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit {
    gzclose(file)
    buffer.deallocate()
  }

  /// The next line that is not blank; nil at the end.
  ///
  /// - Throws: ``RecordingError`` when the file is damaged or a line has no time.
  public func next() throws(RecordingError) -> RecordedLine? {
    while let line = try nextBytes() {
      lineNumber += 1
      if line.isEmpty { continue }
      return try parse(line)
    }
    return nil
  }

  private func nextBytes() throws(RecordingError) -> UnsafeRawBufferPointer? {
    while true {
      let unread = UnsafeRawBufferPointer(start: buffer + start, count: end - start)
      if let newline = memchr(buffer + start, 0x0A, unread.count) {
        let length = UnsafeRawPointer(newline) - UnsafeRawPointer(buffer + start)
        start += length + 1
        // A recording that went through an editor on another system ends its lines with two bytes.
        let end = length > 0 && unread[length - 1] == 0x0D ? length - 1 : length
        return UnsafeRawBufferPointer(rebasing: unread[..<end])
      }
      if reachedEnd {
        start = end
        // A recorder that was killed leaves half a line; only whole ones count.
        return unread.isEmpty || isTruncated ? nil : unread
      }
      try fill()
    }
  }

  private func fill() throws(RecordingError) {
    if start > 0 {
      memmove(buffer, buffer + start, end - start)
      end -= start
      start = 0
    }
    if end == capacity {
      guard capacity < Self.maximumLineBytes else {
        throw RecordingError(path: path, line: lineNumber + 1, reason: "longer than \(Self.maximumLineBytes) bytes")
      }
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity * 2, alignment: 16)
      memcpy(larger, buffer, end)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    }
    let count = gzread(file, buffer + end, UInt32(clamping: capacity - end))
    if count > 0 {
      end += Int(count)
      return
    }
    var status: Int32 = 0
    let message = gzerror(file, &status)
    switch status {
    case Z_OK, Z_STREAM_END: break
    case Z_BUF_ERROR: isTruncated = true
    default:
      throw RecordingError(path: path, line: lineNumber + 1, reason: message.map { String(cString: $0) } ?? "damaged")
    }
    reachedEnd = true
  }

  private func parse(_ line: UnsafeRawBufferPointer) throws(RecordingError) -> RecordedLine {
    var time: Int64 = 0
    var index = 0
    while index < line.count, line[index] &- 0x30 <= 9, index < 19 {
      time = time &* 10 &+ Int64(line[index] &- 0x30)
      index += 1
    }
    guard index > 0, time > 0, index < line.count, line[index] == 0x20 else {
      throw RecordingError(
        path: path, line: lineNumber, reason: "does not begin with a time in nanoseconds and a blank")
    }
    let rest = UnsafeRawBufferPointer(rebasing: line[(index + 1)...])
    if let url = Self.behind("OPEN ", rest) {
      return RecordedLine(receivedNS: time, kind: .open(url: String(decoding: url, as: UTF8.self)), bytes: url)
    }
    if let frame = Self.behind("SEND ", rest) { return RecordedLine(receivedNS: time, kind: .sent, bytes: frame) }
    if let request = Self.behind("GET ", rest) {
      let urlEnd = request.firstIndex(of: 0x20) ?? request.count
      let url = String(decoding: request[..<urlEnd], as: UTF8.self)
      let body = UnsafeRawBufferPointer(rebasing: request[min(urlEnd + 1, request.count)...])
      return RecordedLine(receivedNS: time, kind: .get(url: url), bytes: body)
    }
    return RecordedLine(receivedNS: time, kind: .frame, bytes: rest)
  }

  private static func behind(_ word: StaticString, _ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    let length = word.utf8CodeUnitCount
    guard text.count >= length, let base = text.baseAddress, memcmp(base, word.utf8Start, length) == 0 else {
      return nil
    }
    return UnsafeRawBufferPointer(rebasing: text[length...])
  }
}
