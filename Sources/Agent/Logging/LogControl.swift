import Logging
import Synchronization

/// The log levels in force, which can be changed while the agent runs: one for everything and one a label.
public final class LogControl: Sendable {
  private struct Levels {
    var general: Logger.Level
    var labels: [String: Logger.Level] = [:]
    /// Counts changes of a label (or of everything, under ""), so that a timed change undoes only itself.
    var changes: [String: Int] = [:]
  }

  private let levels: Mutex<Levels>

  /// Everything at `level`.
  public init(level: Logger.Level) {
    levels = Mutex(Levels(general: level))
  }

  /// The level in force for a label.
  public func level(of label: String) -> Logger.Level {
    levels.withLock { $0.labels[label] ?? $0.general }
  }

  /// Sets the level of a label, or of everything when it is nil.
  ///
  /// - Returns: whether it changed, the level before, and a ticket to undo just this change.
  func set(_ level: Logger.Level, label: String?) -> (changed: Bool, previous: Logger.Level, ticket: Int) {
    levels.withLock { levels in
      let previous = label.map { levels.labels[$0] ?? levels.general } ?? levels.general
      if let label { levels.labels[label] = level } else { levels.general = level }
      levels.changes[label ?? "", default: 0] += 1
      return (previous != level, previous, levels.changes[label ?? "", default: 0])
    }
  }

  /// Undoes the change with this ticket unless another came after it.
  func undo(ticket: Int, label: String?, to previous: Logger.Level) {
    levels.withLock { levels in
      guard levels.changes[label ?? ""] == ticket else { return }
      if let label { levels.labels[label] = previous } else { levels.general = previous }
    }
  }
}
