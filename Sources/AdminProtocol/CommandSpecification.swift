/// Which command it is, for a handler's switch.
public enum CommandID: String, Sendable, CaseIterable {
  /// Lists commands, or explains one.
  case help
  /// Names the running version.
  case version
  /// Ends the connection.
  case quit
  /// Makes the connection interactive.
  case prompt
  /// The health checks.
  case health
  /// The state of everything.
  case status
  /// The NATS link and its policy.
  case natsStatus
  /// Declares NATS optional until reset.
  case natsOptional
  /// Declares NATS required until reset.
  case natsRequired
  /// Returns to the configured NATS policy.
  case natsReset
  /// Lists exchanges and their sessions.
  case exchangeList
  /// Lists order books.
  case bookList
  /// Shows one order book.
  case bookShow
  /// Changes log levels.
  case logLevel
  /// Reads the settings again.
  case reload
}

/// One row of the command table: what help, roles, parsing and documentation follow from.
public struct CommandSpecification: Sendable, Equatable {
  /// Which command it is.
  public let id: CommandID
  /// The words that name it.
  public let words: [String]
  /// What may follow them.
  public let parameters: [Parameter]
  /// The role it takes.
  public let role: Role
  /// One sentence.
  public let help: String
  /// A request that is accepted as it stands.
  public let example: String
  /// It may change something, so that it is written to the audit log.
  public let changes: Bool

  /// The words as one text.
  public var name: String { words.joined(separator: " ") }

  /// What may follow the words, as usage texts show it.
  public var arguments: String { parameters.map(\.usage).joined(separator: " ") }

  /// Words and arguments.
  public var usage: String { parameters.isEmpty ? name : name + " " + arguments }
}
