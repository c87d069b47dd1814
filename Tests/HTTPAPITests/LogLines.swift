import Logging
import Synchronization

/// Keeps what is logged: the level, the message and the fields in alphabetical order, but for the pid.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var logger: Logger { Logger(label: "http") { _ in Recorder(lines: self) } }

  private struct Recorder: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    init(lines: LogLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = (event.metadata ?? [:]).filter { $0.key != "pid" }.sorted { $0.key < $1.key }
      lines.lines.withLock {
        $0.append("\(event.level): \(event.message) " + fields.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
      }
    }
  }
}
