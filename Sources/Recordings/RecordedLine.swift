/// One line of a recording; the bytes are valid until the next line is read.
public struct RecordedLine {
  /// What stands behind the time.
  public enum Kind: Sendable, Equatable {
    /// A frame received on the WebSocket, or the bare body of a REST snapshot.
    case frame
    /// The body of a REST answer.
    case get(url: String)
    /// A connection was opened.
    case open(url: String)
    /// A frame that was sent.
    case sent
  }

  /// Receive time in nanoseconds since 1970.
  public var receivedNS: Int64
  /// What the bytes are.
  public var kind: Kind
  /// The frame or body.
  public var bytes: UnsafeRawBufferPointer
}

/// Why a recording cannot be read.
public struct RecordingError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// The line, from 1; 0 when it is not about a line.
  public var line: Int
  /// What is wrong.
  public var reason: String

  /// Creates an error.
  public init(path: String, line: Int, reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  /// `path:line: reason`.
  public var description: String { line > 0 ? "\(path):\(line): \(reason)" : "\(path): \(reason)" }
}
