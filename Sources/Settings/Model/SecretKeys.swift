/// The keys whose values came from a file or a credential: they are never shown. Entries of `exchanges` are known by
/// name, so that their order means nothing.
public struct SecretKeys: Sendable, Equatable {
  /// What stands in place of a secret.
  static let mask = "***"

  private var paths: Set<String> = []

  /// No key.
  public init() {}

  /// - Parameters:
  ///   - paths: key paths with the index of an entry: `nats.urls[1]`, `exchanges[0].ws_url`
  ///   - names: the names of the entries, by their index
  init(_ paths: Set<String>, names: [String]) {
    self.paths = Set(paths.map { Self.named($0, names) })
  }

  /// A path with the name of its entry in place of the index.
  private static func named(_ path: String, _ names: [String]) -> String {
    guard let steps = KeyPathText.steps(of: path), steps.count > 1, case .index(let text) = steps[1],
      steps[0] == .key("exchanges"), let index = Int(text), names.indices.contains(index)
    else { return path }
    return exchange(names[index]) + path.drop { $0 != "]" }.dropFirst()
  }

  /// The path of an entry by its name.
  static func exchange(_ name: String) -> String { "exchanges[\(name)]" }

  /// Whether the value at a path, `nats.urls[1]` or `exchanges[binance-spot].ws_url`, is secret.
  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// Makes the value at a path, and the items of a list there, as secret as they are there.
  mutating func take(_ path: String, from other: SecretKeys) {
    let isOfKey = { (known: String) in known == path || known.hasPrefix("\(path)[") }
    paths = paths.filter { !isOfKey($0) }.union(other.paths.filter(isOfKey))
  }

  /// The same for a path with the index of an entry.
  func containsWithIndex(_ path: String, names: [String]) -> Bool { contains(Self.named(path, names)) }
}

extension SchemaKey {
  /// The value with everything secret in it replaced.
  ///
  /// - Parameter path: where the value stands, entries of `exchanges` by name
  func redacted(_ root: Root, at path: String, _ secrets: SecretKeys) -> SettingValue {
    let value = read(root)
    if case .none = value { return value }
    if secrets.contains(path) { return .text(SecretKeys.mask) }
    switch (type, value) {
    case (.list(let item, _), .list(let items)):
      return .list(
        items.enumerated().map { index, text in
          secrets.contains("\(path)[\(index)]") ? SecretKeys.mask : item.show(.text(text))
        })
    case (.url, .text(let text)): return .text(URLCheck.redacted(text))
    default: return value
    }
  }
}
