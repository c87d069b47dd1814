/// What a run of a reload came to: the label of `reloads_total` and the word in the history.
public enum ReloadOutcome: String, Sendable, CaseIterable {
  /// The process started with these settings.
  case started
  /// The settings are in force.
  case applied
  /// There was nothing to change.
  case unchanged
  /// The settings are in force and wait for `confirm`.
  case unconfirmed
  /// What waited was confirmed.
  case confirmed
  /// The time to confirm was over; the settings before are in force again.
  case expired
  /// Asked for: the settings before are in force again.
  case rolledBack = "rolled_back"
  /// The files have errors.
  case invalid
  /// A key needs a restart.
  case restartRequired = "restart_required"
  /// It was not the time: another generation, a confirmation that is awaited, the end of the process.
  case refused
  /// A component could not take it over; nothing of it was ever in force.
  case failed
  /// It was in force and did not work; the settings before are in force again.
  case reverted
}
