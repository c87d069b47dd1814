/// Which command it is, for a handler's switch.
public enum CommandID: String, Sendable, CaseIterable {
  case help, version, quit, prompt
  case health, status, stats, watch, wait
  case natsStatus, natsOptional, natsRequired, natsReset, natsReconnect
  case exchangeList, exchangeShow, exchangePause, exchangeResume, exchangeReconnect
  case bookList, bookShow, bookVerify, bookResync
  case configShow, configSource, configSchema, configCheck, configDiff
  case reload, confirm, rollback, history
  case overrides, overridesClear
  case logLevel
  case drain, undrain, shutdown
}

/// How long a command may take.
public enum CommandTime: Sendable, Equatable {
  /// As long as any command.
  case short
  /// As long as a reload.
  case reload
  /// As long as its parameter `SECONDS` says; without it until the caller leaves, a day at most.
  case asked
}

/// One row of the command table: what help, roles, parsing, completion and documentation follow from.
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
  /// It may be followed by a payload.
  public let takesPayload: Bool
  /// How long it may take.
  public let time: CommandTime

  /// The words as one text.
  public var name: String { words.joined(separator: " ") }

  /// What may follow the words, as usage texts show it.
  public var arguments: String {
    (parameters.map(\.usage) + (takesPayload ? ["[<<EOF]"] : [])).joined(separator: " ")
  }

  /// Words and arguments.
  public var usage: String { arguments.isEmpty ? name : name + " " + arguments }
}
