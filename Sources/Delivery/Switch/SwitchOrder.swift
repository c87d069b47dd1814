/// What the delivery thread is asked to do with a connection opened beside the link.
struct SwitchOrder: Sendable {
  enum Step: Sendable {
    /// Publish on the new connection; the one in use stays open.
    case adopt
    /// Publish on the former connection again and close the new one.
    case resume
    /// The switch is final: close the former connection.
    case retire
  }

  var step: Step
  var candidate: LinkCandidate
  /// Opened when the step is done.
  var done = Latch()
}

/// The link as it was before a switch.
struct FormerLink {
  /// Whose switch it was.
  var candidate: LinkCandidate
  var settings: LinkSettings
  var servers: [ServerAddress]
  var route: LinkStateMachine.Route
  var connection: NATSConnection?
}
