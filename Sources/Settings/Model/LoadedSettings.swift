/// Settings that are valid, and where they came from.
public struct LoadedSettings: Sendable {
  /// The settings.
  public var settings: CollectorSettings
  /// What is accepted but odd, in file order.
  public var warnings: [SettingsError]
  /// The files read, the main one first.
  public var files: [String]
  let places: [String: Place]

  /// Where the value of a key was set: a file with line and column from 1, or `environment:NAME` with 0 and 0.
  /// Nothing for a key that has its default.
  ///
  /// - Parameter keyPath: for example `nats.urls` or `exchanges[1].symbols`
  public func position(of keyPath: String) -> (file: String, line: Int, column: Int)? {
    guard let place = places[keyPath] else { return nil }
    return (place.file, place.line, place.column)
  }
}
