import Feeds
import Glibc
import Logging

/// Writes one line a message to standard error: time, level, label, text, metadata. Its level is ``LogControl``'s.
public struct ConsoleLogHandler: LogHandler {
  private let label: String
  private let control: LogControl
  /// Metadata of every line of this logger.
  public var metadata: Logger.Metadata = [:]
  /// Set by whoever holds a logger of its own; nil follows the control.
  private var ownLevel: Logger.Level?

  /// Creates the handler of a label.
  public init(label: String, control: LogControl) {
    self.label = label
    self.control = control
  }

  /// The level in force.
  public var logLevel: Logger.Level {
    get { ownLevel ?? control.level(of: label) }
    set { ownLevel = newValue }
  }

  /// One value of the metadata.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the line in one `write`, so that lines of several threads do not mix.
  public func log(event: LogEvent) {
    var line = "\(WallClock.now().rfc3339) \(event.level.rawValue) \(label): \(event.message)"
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
    // A line is a line: what came from outside cannot add one.
    var bytes = Array(line.utf8.map { $0 < 0x20 ? 0x20 : $0 })
    bytes.append(0x0A)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
