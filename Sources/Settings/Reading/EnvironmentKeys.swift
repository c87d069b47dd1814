/// Which variable of the environment stands for which key.
package enum EnvironmentKeys {
  static let prefix = "MARKETPRISM_"
  /// Variables of other programs of ours: marketprismctl's.
  private static let others: Set<String> = ["MARKETPRISM_SOCKET"]

  /// The variable of a key outside the entries of lists and maps: `nats.spool.max_age` is `MARKETPRISM_NATS_SPOOL_MAX_AGE`.
  package static func variable(for key: String) -> String {
    prefix + key.uppercased().replacing(".", with: "_")
  }

  private static let all: [String] = SettingsSchema.collector.map { variable(for: $0.key) }

  /// What is set and stands for no key, with the one that was meant.
  static func unknown(in environment: [String: String]) -> [(name: String, message: String)] {
    let known = Set(all)
    return environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) && !others.contains($0) }.sorted()
      .prefix(20).map { name in
        let hint = Suggestion.phrase(for: name, among: all, beginnings: false)
        return (name, "no key has this variable\(hint)")
      }
  }

  /// A variable's text as it would stand in the file. Lists are separated by commas; `[]` is an empty one.
  static func node(_ text: String, for type: ValueType, _ place: Place) -> YAMLNode {
    switch type {
    case .list:
      let items = text == "[]" ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
      return YAMLNode(
        place: place,
        content: .sequence(items.map { YAMLNode(place: place, content: .scalar($0.trimmingSpaces, plain: false)) }))
    // The original takes LOG_LEVEL=INFO.
    case .choice: return YAMLNode(place: place, content: .scalar(text.lowercased(), plain: true))
    case .text, .url: return YAMLNode(place: place, content: .scalar(text, plain: false))
    default: return YAMLNode(place: place, content: .scalar(text, plain: true))
    }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var trimmed = drop { $0 == " " }
    while trimmed.last == " " { trimmed.removeLast() }
    return String(trimmed)
  }
}

extension SettingsReader {
  /// Lays the environment over the settings of the files. An empty variable counts as none; of a key's two variables
  /// the one with our prefix stands.
  mutating func override(_ settings: inout CollectorSettings, from environment: [String: String]) {
    let given = { (name: String?) -> (name: String, text: String)? in
      guard let name, let text = environment[name], !text.isEmpty else { return nil }
      return (name, text)
    }
    for row in SettingsSchema.collector {
      let ours = given(EnvironmentKeys.variable(for: row.key))
      let other = given(row.environment)
      guard let variable = ours ?? other else { continue }
      let place = Place(file: Place.environmentPrefix + variable.name)
      if ours != nil, let other {
        warn(Place(file: Place.environmentPrefix + other.name), row.key, "ignored, because \(variable.name) is set")
      }
      if row.key == "nats.urls" {
        if let url = places["nats.url"], url.file.hasPrefix(Place.environmentPrefix) {
          warn(url, "nats.url", "ignored, because \(variable.name) is set")
        }
        places["nats.url"] = nil
      }
      forget(row.key)
      let node = EnvironmentKeys.node(variable.text, for: row.type, place)
      fillEntry(&settings, from: YAMLPair(key: row.key, keyPlace: place, value: node), [row], path: row.key)
      if row.key == "nats.url" { places["nats.urls"] = place }
    }
    for unknown in EnvironmentKeys.unknown(in: environment) {
      warn(Place(file: Place.environmentPrefix + unknown.name), "", unknown.message)
    }
  }
}
