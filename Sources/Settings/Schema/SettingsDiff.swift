/// What differs between two settings, key by key along the schema.
public enum SettingsDiff {
  /// The changes, in the order of the schema. Exchange entries are matched by name, so that their order means nothing.
  public static func changes(from old: CollectorSettings, to new: CollectorSettings) -> [SettingsChange] {
    let comparison = Comparison(before: old.secrets, after: new.secrets)
    return comparison.values(SettingsSchema.collector, old, new, at: "")
      + comparison.entries(SettingsSchema.delivery, old.nats.delivery, new.nats.delivery, below: "nats.delivery.", "")
      + comparison.entries(SettingsSchema.stream, old.nats.streams, new.nats.streams, below: "nats.streams.", ".")
      + comparison.exchanges(old.exchanges, new.exchanges)
  }
}

/// Compares along the schema, and shows no secret of either side.
private struct Comparison {
  let before: SecretKeys
  let after: SecretKeys

  /// - Parameters:
  ///   - prefix: begins the paths of the table's keys, entries of `exchanges` by name
  ///   - shown: the same as it stands in the change, entries of `exchanges` by index
  func values<Root>(
    _ table: [SchemaKey<Root>], _ old: Root, _ new: Root, at prefix: String, shown: String? = nil,
    exchange: String? = nil
  ) -> [SettingsChange] {
    table.filter { !$0.alias && $0.read(old) != $0.read(new) }.map { row in
      SettingsChange(
        keyPath: (shown ?? prefix) + row.key, exchange: exchange, reloadClass: row.reload,
        old: show(row, old, prefix, before), new: show(row, new, prefix, after))
    }
  }

  func entries<Root>(
    _ table: [SchemaKey<Root>], _ old: [String: Root], _ new: [String: Root], below path: String, _ separator: String
  ) -> [SettingsChange] {
    Set(old.keys).union(new.keys).sorted().flatMap { name -> [SettingsChange] in
      let prefix = path + name + separator
      guard let one = old[name], let other = new[name] else {
        return [
          SettingsChange(
            keyPath: path + name, reloadClass: .rebuild, old: show(table, old[name], prefix, before),
            new: show(table, new[name], prefix, after))
        ]
      }
      return values(table, one, other, at: prefix)
    }
  }

  func exchanges(
    _ old: [CollectorSettings.Exchange], _ new: [CollectorSettings.Exchange]
  ) -> [SettingsChange] {
    var found: [SettingsChange] = []
    for (index, entry) in new.enumerated() {
      let path = "exchanges[\(index)]"
      if let known = old.first(where: { $0.name == entry.name }) {
        found += values(
          SettingsSchema.exchange, known, entry, at: SecretKeys.exchange(entry.name) + ".", shown: "\(path).",
          exchange: entry.name)
      } else {
        found.append(
          SettingsChange(keyPath: path, exchange: entry.name, reloadClass: .rebuild, old: "", new: entry.name))
      }
    }
    for (index, entry) in old.enumerated() where !new.contains(where: { $0.name == entry.name }) {
      found.append(
        SettingsChange(
          keyPath: "exchanges[\(index)]", exchange: entry.name, reloadClass: .rebuild, old: entry.name, new: ""))
    }
    return found
  }

  private func show<Root>(_ row: SchemaKey<Root>, _ root: Root, _ prefix: String, _ secrets: SecretKeys) -> String {
    row.type.show(row.redacted(root, at: prefix + row.key, secrets))
  }

  /// A whole entry on one line; empty when there is none.
  private func show<Root>(
    _ table: [SchemaKey<Root>], _ entry: Root?, _ prefix: String, _ secrets: SecretKeys
  ) -> String {
    guard let entry else { return "" }
    let values = table.map { row in
      let value = show(row, entry, prefix, secrets)
      return row.key.isEmpty ? value : "\(row.key): \(value)"
    }
    return table.count == 1 ? values.joined() : "{\(values.joined(separator: ", "))}"
  }
}
