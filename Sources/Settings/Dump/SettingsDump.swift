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
    let root = tree(settings, redacting: redacting)
    guard let keyPath else { return root }
    guard let steps = KeyPathText.steps(of: keyPath) else { return nil }
    if let found = root.child(steps[...]) { return found }
    // Another spelling of a key that is shown under its longer one.
    guard let row = SettingsSchema.collector.first(where: { $0.alias && $0.key == keyPath }) else { return nil }
    return leaf(row, settings, redacting: redacting)
  }

  private static func tree(_ settings: CollectorSettings, redacting: Bool) -> DumpNode {
    var root = section(SettingsSchema.collector, settings, redacting: redacting)
    let delivery = settings.nats.delivery.sorted { $0.key < $1.key }.map { name, mode in
      (key: name, node: SettingsSchema.delivery.first.map { leaf($0, mode, redacting: redacting) } ?? .section([]))
    }
    let streams = settings.nats.streams.sorted { $0.key < $1.key }.map { name, stream in
      (key: name, node: section(SettingsSchema.stream, stream, redacting: redacting))
    }
    root.put(.section(delivery), at: ["nats", "delivery"])
    root.put(.section(streams), at: ["nats", "streams"])
    let exchanges = settings.exchanges.map { entry in
      (name: entry.name, node: section(SettingsSchema.exchange, entry, redacting: redacting))
    }
    root.put(.entries(exchanges), at: ["exchanges"])
    return root
  }

  private static func section<Root>(_ table: [SchemaKey<Root>], _ root: Root, redacting: Bool) -> DumpNode {
    var section = DumpNode.section([])
    for row in table where !row.alias {
      section.put(leaf(row, root, redacting: redacting), at: row.key.split(separator: ".")[...])
    }
    return section
  }

  private static func leaf<Root>(_ row: SchemaKey<Root>, _ root: Root, redacting: Bool) -> DumpNode {
    switch (row.type, row.read(root)) {
    case (.list(let item, _), .list(let items)):
      .list(items.map { YAMLText.scalar(redacting ? item.show(.text($0)) : $0) })
    case (let type, .text(let text)): .value(YAMLText.scalar(redacting ? type.show(.text(text)) : text))
    case (let type, let value): .value(type.show(value))
    }
  }
}
