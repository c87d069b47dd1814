/// Where the effective value of a key comes from.
public enum SettingSource: Sendable, Equatable, CustomStringConvertible {
  /// A file (or a fragment, by its name), with line and column from 1.
  case file(String, line: Int, column: Int)
  /// A variable of the environment.
  case environment(String)
  /// The default built into the program.
  case builtIn

  /// `file:line:column`, `environment:NAME` or `built-in`.
  public var description: String {
    switch self {
    case .file(let file, let line, let column): "\(file):\(line):\(column)"
    case .environment(let name): "\(Place.environmentPrefix)\(name)"
    case .builtIn: "built-in"
    }
  }

  init(_ place: Place?) {
    guard let place else {
      self = .builtIn
      return
    }
    if place.line == 0, place.file.hasPrefix(Place.environmentPrefix) {
      self = .environment(String(place.file.dropFirst(Place.environmentPrefix.count)))
    } else {
      self = .file(place.file, line: place.line, column: place.column)
    }
  }
}
