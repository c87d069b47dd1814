/// The names of keys: all there are, and the one that was meant.
public enum SettingsKeys {
  /// Paths of all keys that have a value in the given settings, in the order of the schema, for example
  /// `nats.optional` and `exchanges[0].symbols`.
  ///
  /// - Parameter keyPath: only those at or below it
  /// - Returns: nothing when there is no such key
  public static func paths(in settings: CollectorSettings, below keyPath: String? = nil) -> [String]? {
    SettingsDump.node(settings, at: keyPath, redacting: true)?.paths(at: keyPath ?? "")
  }

  /// The key somebody meant who wrote a path that leads to none; nothing when no key is near.
  ///
  /// An index or a name in the path is kept: `exchanges[3].symbol` gives `exchanges[3].symbols`.
  public static func nearest(to keyPath: String) -> String? {
    guard keyPath.utf8.count <= 256, let steps = KeyPathText.steps(of: keyPath) else { return nil }
    var names: [String] = []
    var keys: [String] = []
    for step in steps {
      switch step {
      case .key(let key): keys.append(key)
      case .index(let index):
        names.append(index)
        keys.append((keys.popLast() ?? "") + "[]")
      }
    }
    if keys.count > 2, keys[0] == "nats", keys[1] == "streams" {
      names.append(keys[2])
      keys[2] = "*"
    }
    let written = keys.joined(separator: ".")
    if candidates.contains(written) { return nil }
    let elsewhere = candidates.first { $0.hasSuffix(".\(written)") }
    let found =
      Suggestion.nearest(to: written, among: candidates, beginnings: false) ?? elsewhere
      ?? Suggestion.nearest(to: written, among: candidates, beginnings: true)
    guard var found else { return nil }
    // The first placeholder of the found key is the first name that was written; without one it is the first entry.
    for (mark, before, after) in [("[]", "[", "]"), ("*", "", "")] where found.contains(mark) {
      let name = names.first ?? (mark == "*" ? "NAME" : "0")
      found = found.replacing(mark, with: "\(before)\(name)\(after)")
    }
    return found
  }

  /// Every key and every section, with `[]` for the entries of `exchanges` and `*` for a stream's name.
  private static let candidates: [String] = {
    var found: [String] = []
    var seen: Set<String> = []
    for entry in SettingsSchema.entries where !entry.pattern.hasPrefix("nats.delivery.") {
      let keys = entry.pattern.split(separator: ".")
      for count in 1...keys.count {
        let path = keys.prefix(count).joined(separator: ".")
        for spelling in path == "exchanges[]" ? ["exchanges", path] : [path] where seen.insert(spelling).inserted {
          found.append(spelling)
        }
      }
    }
    return found + KnownNames.dataTypes.map { "nats.delivery.\($0)" }
  }()
}
