/// What an argument was read as.
public enum ArgumentValue: Sendable, Equatable {
  /// A keyword that stands alone.
  case flag
  /// Text, or one of a parameter's words.
  case text(String)
  /// A whole number within the parameter's range.
  case integer(Int)
  /// More than nothing.
  case duration(Duration)
}

/// An argument, under its parameter's name.
public struct Argument: Sendable, Equatable {
  /// The parameter's name.
  public var name: String
  /// What was read.
  public var value: ArgumentValue

  /// Makes an argument.
  public init(name: String, value: ArgumentValue) {
    self.name = name
    self.value = value
  }
}

/// A command with its arguments checked against the command table.
public struct CommandCall: Sendable, Equatable {
  /// The command's row of the table.
  public var specification: CommandSpecification
  /// Its arguments in the order of the parameters; those not given are absent.
  public var arguments: [Argument]
  /// The reply shall be JSON.
  public var json: Bool
  /// What followed a `<<`.
  public var payload: String?

  /// Makes a call; use ``CommandTable/resolve(_:)`` for what was received.
  public init(specification: CommandSpecification, arguments: [Argument], json: Bool = false, payload: String? = nil) {
    self.specification = specification
    self.arguments = arguments
    self.json = json
    self.payload = payload
  }

  /// Which command it is.
  public var id: CommandID { specification.id }

  /// Whether the keyword was given.
  public func flag(_ name: String) -> Bool { value(name) != nil }

  /// The text of a parameter, nil when not given.
  public func text(_ name: String) -> String? {
    if case .text(let text)? = value(name) { text } else { nil }
  }

  /// The number of a parameter, nil when not given.
  public func integer(_ name: String) -> Int? {
    if case .integer(let number)? = value(name) { number } else { nil }
  }

  /// The duration of a parameter, nil when not given.
  public func duration(_ name: String) -> Duration? {
    if case .duration(let duration)? = value(name) { duration } else { nil }
  }

  private func value(_ name: String) -> ArgumentValue? { arguments.first { $0.name == name }?.value }
}
