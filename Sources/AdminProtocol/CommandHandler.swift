/// What a running command tells its caller before its reply. May be used from anywhere until the command returns.
public struct CommandOutput: Sendable {
  /// Says, in a line of text, how far the command is.
  public let progress: @Sendable (String) -> Void
  /// Adds a line to the body at once, ahead of the reply's own. A caller who awaits JSON gets all of them with the reply.
  public let line: @Sendable (String) -> Void

  /// Makes an output.
  public init(progress: @escaping @Sendable (String) -> Void, line: @escaping @Sendable (String) -> Void) {
    self.progress = progress
    self.line = line
  }

  /// Nobody listens.
  public static let none = CommandOutput(progress: { _ in }, line: { _ in })
}

/// What stands behind the admin socket: it carries out commands whose arguments and role have been checked.
public protocol CommandHandler: Sendable {
  /// Carries out one command.
  ///
  /// May be cancelled when the caller leaves or the time is over; a late reply is dropped.
  /// - Parameters:
  ///   - call: The command and its arguments.
  ///   - caller: Who asked.
  ///   - output: Reaches the caller before the reply does.
  func run(_ call: CommandCall, for caller: Caller, output: CommandOutput) async -> Reply

  /// The word in the brackets of an interactive prompt. Asked on an event loop: must be quick.
  var promptState: String { get }

  /// The active settings generation. Asked on an event loop: must be quick.
  var generation: Int { get }
}
