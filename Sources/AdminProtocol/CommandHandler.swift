/// What stands behind the admin socket: it carries out commands whose arguments and role have been checked.
public protocol CommandHandler: Sendable {
  /// Carries out one command.
  ///
  /// May be cancelled when the caller leaves or the time is over; a late reply is dropped.
  /// - Parameters:
  ///   - call: The command and its arguments.
  ///   - caller: Who asked.
  ///   - progress: Tells the caller, in a line of text, how far it is. May be called from anywhere until `run` returns.
  func run(_ call: CommandCall, for caller: Caller, progress: @Sendable (String) -> Void) async -> Reply

  /// The word in the brackets of an interactive prompt. Asked on an event loop: must be quick.
  var promptState: String { get }

  /// The active settings generation. Asked on an event loop: must be quick.
  var generation: Int { get }
}
