/// What text an argument accepts.
public enum ParameterType: Sendable, Equatable {
  /// Any text.
  case text
  /// A whole number within a range.
  case integer(ClosedRange<Int>)
  /// Whole numbers with units, such as `90s` or `1h30m`.
  case duration
  /// One of these words.
  case choice([String])
}

/// One parameter of a command. Its usage text, and how arguments are read, follow from it.
public struct Parameter: Sendable, Equatable {
  /// How a parameter is told from the others.
  public enum Kind: Sendable, Equatable {
    /// By its place; an optional one gives way when there are too few arguments.
    case positional(optional: Bool)
    /// A keyword that stands alone.
    case flag
    /// A keyword followed by a value.
    case option
    /// All that is left, joined by spaces.
    case rest
  }

  /// The name a handler asks for it by; of a flag and an option also the keyword.
  public let name: String
  /// How it is told from the others.
  public let kind: Kind
  /// What it accepts.
  public let type: ParameterType
  /// How usage texts show its value.
  public let display: String

  /// The parameter as usage texts show it.
  public var usage: String {
    switch kind {
    case .positional(optional: false): display
    case .positional(optional: true): "[\(display)]"
    case .flag: "[\(name)]"
    case .option: "[\(name) \(display)]"
    case .rest: "[\(display)...]"
    }
  }

  static func required(_ name: String, _ type: ParameterType = .text, display: String? = nil) -> Parameter {
    Parameter(name: name, kind: .positional(optional: false), type: type, display: display ?? name)
  }

  static func optional(_ name: String, _ type: ParameterType = .text, display: String? = nil) -> Parameter {
    Parameter(name: name, kind: .positional(optional: true), type: type, display: display ?? name)
  }

  static func flag(_ name: String) -> Parameter {
    Parameter(name: name, kind: .flag, type: .text, display: name)
  }

  static func option(_ name: String, _ display: String, _ type: ParameterType = .text) -> Parameter {
    Parameter(name: name, kind: .option, type: type, display: display)
  }

  static func rest(_ name: String) -> Parameter {
    Parameter(name: name, kind: .rest, type: .text, display: name)
  }
}
