/// The effective settings as YAML: every key, in the order of the schema, with no timestamps, so that equal settings
/// give equal texts.
public enum SettingsDump {
  /// The settings, or what stands under one key of them.
  ///
  /// - Parameters:
  ///   - settings: what is shown
  ///   - keyPath: a section or a key, for example `nats`, `nats.optional`, `exchanges[0].symbols`,
  ///     `exchanges[binance-spot]` (an entry by its name); nothing for all
  ///   - redacting: whether secrets are replaced; without it the whole text is a configuration that loads as the
  ///     same settings
  /// - Returns: the text, its last line without a line feed; nothing when there is no such key
  public static func text(
    _ settings: CollectorSettings, at keyPath: String? = nil, redacting: Bool = true
  ) -> String? {
    node(settings, at: keyPath, redacting: redacting)?.lines.joined(separator: "\n")
  }

  /// The piece at a key path; nothing when there is no such key.
  static func node(_ settings: CollectorSettings, at keyPath: String?, redacting: Bool) -> DumpNode? {
    let tree = DumpTree(secrets: redacting ? settings.secrets : nil)
    let root = tree.root(settings)
    guard let keyPath else { return root }
    guard let steps = KeyPathText.steps(of: keyPath) else { return nil }
    if let found = root.child(steps[...]) { return found }
    // Another spelling of a key that is shown under its longer one.
    guard keyPath == "nats.url" else { return nil }
    return settings.nats.urls.count == 1 ? root.child(KeyPathText.steps(of: "nats.urls[0]")?[...] ?? []) : .value("~")
  }
}

/// Makes the pieces of the dump along the schema.
private struct DumpTree {
  /// What is replaced; nothing is when there is none.
  let secrets: SecretKeys?

  func root(_ settings: CollectorSettings) -> DumpNode {
    var root = section(SettingsSchema.collector, settings, at: "")
    let delivery = settings.nats.delivery.sorted { $0.key < $1.key }.map { name, mode in
      (
        key: name,
        node: SettingsSchema.delivery.first.map { leaf($0, mode, at: "nats.delivery.\(name)") } ?? .section([])
      )
    }
    let streams = settings.nats.streams.sorted { $0.key < $1.key }.map { name, stream in
      (key: name, node: section(SettingsSchema.stream, stream, at: "nats.streams.\(name)."))
    }
    root.put(.section(delivery), at: ["nats", "delivery"])
    root.put(.section(streams), at: ["nats", "streams"])
    let exchanges = settings.exchanges.map { entry in
      (name: entry.name, node: section(SettingsSchema.exchange, entry, at: SecretKeys.exchange(entry.name) + "."))
    }
    root.put(.entries(exchanges), at: ["exchanges"])
    return root
  }

  private func section<Root>(_ table: [SchemaKey<Root>], _ root: Root, at prefix: String) -> DumpNode {
    var section = DumpNode.section([])
    for row in table where !row.alias {
      section.put(leaf(row, root, at: prefix + row.key), at: row.key.split(separator: ".")[...])
    }
    return section
  }

  private func leaf<Root>(_ row: SchemaKey<Root>, _ root: Root, at path: String) -> DumpNode {
    switch secrets.map({ row.redacted(root, at: path, $0) }) ?? row.read(root) {
    case .list(let items): .list(items.map(YAMLText.scalar))
    case .text(let text): .value(YAMLText.scalar(text))
    case let value: .value(row.type.show(value))
    }
  }
}
