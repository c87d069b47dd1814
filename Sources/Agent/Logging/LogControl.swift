import Logging
import Synchronization

/// The log levels in force, which can be changed while the agent runs: the configured one, and over it an operator's
/// word for everything and for single labels.
public final class LogControl: Sendable {
  /// The labels that the collector's own parts log under.
  static let labels = ["admin", "agent", "feeds", "http", "main", "nats"]

  private struct Levels {
    var configured: Logger.Level
    var general: Logger.Level?
    var labels: [String: Logger.Level] = [:]
  }

  private let levels: Mutex<Levels>

  /// Everything at `level`.
  public init(level: Logger.Level) {
    levels = Mutex(Levels(configured: level))
  }

  /// The level in force for a label, or for everything that has no level of its own.
  public func level(of label: String?) -> Logger.Level {
    levels.withLock { levels in
      label.flatMap { levels.labels[$0] } ?? levels.general ?? levels.configured
    }
  }

  /// The configured level.
  var configured: Logger.Level { levels.withLock { $0.configured } }

  /// Takes the configured level; what was set by hand stays.
  func configure(_ level: Logger.Level) { levels.withLock { $0.configured = level } }

  /// Sets the level of a label, or of everything when it is nil.
  func set(_ level: Logger.Level, label: String?) {
    levels.withLock { levels in
      if let label { levels.labels[label] = level } else { levels.general = level }
    }
  }

  /// Takes back what was set by hand for a label, or for everything.
  func clear(label: String?) {
    levels.withLock { levels in
      if let label { levels.labels[label] = nil } else { levels.general = nil }
    }
  }
}
