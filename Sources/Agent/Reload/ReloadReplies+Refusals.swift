import AdminProtocol
import MarketData

/// Requests that are not carried out at all.
extension ReloadReplies {
  static func stopping(_ current: ReloadVersion) -> ReloadEnding {
    refused(ProtocolError(.shuttingDown, "the collector is stopping"), current)
  }

  static func mismatch(_ expected: Int, _ current: ReloadVersion) -> ReloadEnding {
    refused(
      ProtocolError(.generationMismatch, "generation \(current.generation) is active, not \(expected)"), current)
  }

  static func tooLong(_ current: ReloadVersion) -> ReloadEnding {
    let longest = ReloadMachine.longestConfirmation.text
    return refused(
      ProtocolError(.badArgument, "confirm-within is at most \(longest): until then the old connections stay open"),
      current)
  }

  static func noFiles(_ current: ReloadVersion) -> ReloadEnding {
    refused(
      ProtocolError(.badArgument, "started without a configuration file: there is nothing to reload"), current)
  }

  static func nothingBefore(_ current: ReloadVersion) -> ReloadEnding {
    refused(
      ProtocolError(.badArgument, "there is no generation before \(current.generation) to go back to"), current)
  }

  static func nothingToConfirm(_ current: ReloadVersion) -> ReloadEnding {
    refused(ProtocolError(.badArgument, "nothing waits for confirmation"), current)
  }

  static func unconfirmed(_ awaited: ReloadMachine.Confirmation, at now: Timestamp) -> ReloadEnding {
    let left = max(0, awaited.until.nanoseconds(since: now) / 1_000_000_000)
    let generation = awaited.swap.target.generation
    let message =
      "generation \(generation) waits for confirmation, \(left) s left; \"confirm\" keeps it, \"rollback\" takes it back"
    return refused(
      ProtocolError(.reloadInProgress, message, fields: [ReplyField("seconds_left", String(left))]), awaited.swap.target
    )
  }

  /// The collector's own run found that there was nothing left to do.
  static func nothingToUndo(_ current: ReloadVersion) -> ReloadEnding {
    ReloadEnding(
      outcome: .unchanged, reply: Reply(changed: false, generation: current.generation), summary: "nothing to undo",
      isRecorded: false)
  }

  private static func refused(_ error: ProtocolError, _ current: ReloadVersion) -> ReloadEnding {
    ReloadEnding(
      outcome: .refused, reply: Reply(error: error, generation: current.generation), summary: error.message)
  }
}
