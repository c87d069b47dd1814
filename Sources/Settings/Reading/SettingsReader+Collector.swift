/// The file as a whole.
extension SettingsReader {
  /// The settings a file's tree stands for, with the environment over it.
  mutating func settings(from root: YAMLNode, environment: [String: String]) -> CollectorSettings {
    var settings = CollectorSettings()
    let table = SettingsSchema.collector
    let apart = ["exchanges", "nats.delivery", "nats.streams"]
    let found = fill(&settings, from: pairs(of: root, ""), table, path: "", apart: apart)
    if let url = places["nats.url"] {
      if let urls = places["nats.urls"] {
        note(max(url, urls), url < urls ? "nats.urls" : "nats.url", "only one of url and urls may stand")
      } else {
        places["nats.urls"] = url
      }
    }
    if let node = found["nats.delivery"] { settings.nats.delivery = delivery(from: node) }
    if let node = found["nats.streams"] { settings.nats.streams = streams(from: node) }
    settings.exchanges = exchanges(from: found["exchanges"], root: root)
    override(&settings, from: environment)
    settings.secrets = SecretKeys(secretPaths, names: settings.exchanges.map(\.name))
    return settings
  }

  private mutating func delivery(from node: YAMLNode) -> [String: CollectorSettings.DeliveryMode] {
    var modes: [String: CollectorSettings.DeliveryMode] = [:]
    for pair in pairs(of: node, "nats.delivery") {
      let path = KeyPathText.join("nats.delivery", pair.key)
      guard KnownNames.dataTypes.contains(pair.key) else {
        let hint = Suggestion.phrase(for: pair.key, among: KnownNames.dataTypes)
        note(pair.keyPlace, path, "unknown data type\(hint)")
        continue
      }
      // The row's key is empty: the value itself is the entry.
      let entry = YAMLPair(key: "", keyPlace: pair.keyPlace, value: pair.value)
      var mode = CollectorSettings.DeliveryMode.core
      fillEntry(&mode, from: entry, SettingsSchema.delivery, path: path)
      modes[pair.key] = mode
    }
    return modes
  }

  private mutating func streams(from node: YAMLNode) -> [String: CollectorSettings.Stream] {
    var streams: [String: CollectorSettings.Stream] = [:]
    for pair in pairs(of: node, "nats.streams") {
      let path = KeyPathText.join("nats.streams", pair.key)
      if let problem = TextRule.name.problem(with: pair.key) {
        note(pair.keyPlace, path, problem.message)
        continue
      }
      places[path] = pair.value.isEmpty ? pair.keyPlace : pair.value.place
      if pair.value.isEmpty { warn(pair.keyPlace, path, "accepted, but not used by this version") }
      var stream = CollectorSettings.Stream()
      _ = fill(&stream, from: pairs(of: pair.value, path), SettingsSchema.stream, path: path)
      streams[pair.key] = stream
    }
    return streams
  }
}

extension Place {
  /// Order within one file.
  static func < (left: Place, right: Place) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// The later of two places of one file.
private func max(_ left: Place, _ right: Place) -> Place {
  left < right ? right : left
}
