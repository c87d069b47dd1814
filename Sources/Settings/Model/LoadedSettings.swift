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

  /// Whether the value of a key came from a file or a credential and must not be shown.
  ///
  /// - Parameter keyPath: for example `nats.urls[0]` or `exchanges[1].symbols[0]`
  public func isSecret(_ keyPath: String) -> Bool {
    settings.secrets.containsWithIndex(keyPath, names: settings.exchanges.map(\.name))
  }

  /// Where the effective value of a key comes from; nothing when there is no such key. A section is where its name
  /// stands, unless nothing in it is set.
  ///
  /// - Parameter keyPath: for example `nats.optional`, `nats`, `exchanges[1].symbols`, `exchanges[binance-spot].enabled`
  public func source(of keyPath: String) -> SettingSource? {
    guard SettingsDump.node(settings, at: keyPath, redacting: true) != nil else { return nil }
    guard let steps = KeyPathText.steps(of: keyPath), steps.count > 1, case .index(let name) = steps[1],
      let index = settings.exchanges.firstIndex(where: { $0.name == name })
    else {
      // `url` is the one of `urls`.
      return SettingSource(places[keyPath] ?? (keyPath == "nats.url" ? places["nats.urls"] : nil))
    }
    let rest = keyPath.drop { $0 != "]" }.dropFirst()
    return SettingSource(places["exchanges[\(index)]\(rest)"])
  }
}
