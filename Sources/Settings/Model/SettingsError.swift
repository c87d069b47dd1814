/// One thing wrong (or, as a warning, odd) in a configuration, with its place.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as it was named by the caller, or `environment:NAME`.
  public var file: String
  /// Line, from 1; 0 where the place has no lines (the environment, a file that cannot be read).
  public var line: Int
  /// Column in characters, from 1; 0 where `line` is 0.
  public var column: Int
  /// For example `exchanges[1].symbols`; empty where the text as a whole is meant.
  public var keyPath: String
  /// What is wrong and what would be right. Never carries a secret.
  public var message: String

  /// An error at the given place.
  public init(file: String, line: Int, column: Int, keyPath: String, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.keyPath = keyPath
    self.message = message
  }

  init(_ place: Place, _ keyPath: String, _ message: String) {
    self.init(file: place.file, line: place.line, column: place.column, keyPath: keyPath, message: message)
  }

  /// `file:line:column: key.path: message`; what does not exist is left out with its colon.
  public var description: String {
    let place = line == 0 ? file : "\(file):\(line):\(column)"
    return keyPath.isEmpty ? "\(place): \(message)" : "\(place): \(keyPath): \(message)"
  }
}

/// All that is wrong in a configuration, in file order. Never empty when thrown.
public struct SettingsErrors: Error, Sendable, Equatable, CustomStringConvertible {
  /// The errors, in file order.
  public var errors: [SettingsError]
  /// The files that were read, the main one first.
  public var files: [String]

  /// The given errors.
  public init(errors: [SettingsError], files: [String] = []) {
    self.errors = errors
    self.files = files
  }

  /// One line an error.
  public var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}

/// Where something stands. `line` and `column` count from 1; both are 0 where there are no lines.
struct Place: Sendable, Equatable {
  /// Begins the name of a place that is a variable of the environment.
  static let environmentPrefix = "environment:"

  var file: String
  var line = 0
  var column = 0
}
