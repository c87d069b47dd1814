import Logging
import Synchronization

/// Keeps the first lines that are logged.
final class LogCollector: Sendable {
  private static let maximumLines = 1000
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }
  var logger: Logger { Logger(label: "collected") { _ in Handler(collector: self) } }

  private struct Handler: LogHandler {
    let collector: LogCollector
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      collector.kept.withLock { lines in
        if lines.count < LogCollector.maximumLines { lines.append("\(event.message)") }
      }
    }
  }
}
