/// What whoever starts the agent is told about reloads, so that a service manager can be told in turn.
public enum ReloadNotice: Sendable, Equatable {
  /// A run begins; exactly one ``ended(succeeded:summary:)`` follows.
  case began
  /// A run is over.
  ///
  /// - Parameters:
  ///   - succeeded: the settings that were asked for are in force.
  ///   - summary: one line for a status display.
  case ended(succeeded: Bool, summary: String)
}
