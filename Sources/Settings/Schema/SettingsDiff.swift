/// What differs between two settings, key by key along the schema.
public enum SettingsDiff {
  /// The changes, in the order of the schema. Exchange entries are matched by name, so that their order means nothing.
  public static func changes(from old: CollectorSettings, to new: CollectorSettings) -> [SettingsChange] {
    changes(SettingsSchema.collector, old, new, below: "", exchange: nil)
      + entries(SettingsSchema.delivery, old.nats.delivery, new.nats.delivery, below: "nats.delivery", separator: "")
      + entries(SettingsSchema.stream, old.nats.streams, new.nats.streams, below: "nats.streams", separator: ".")
      + exchanges(old.exchanges, new.exchanges)
  }

  private static func changes<Root>(
    _ table: [SchemaKey<Root>], _ old: Root, _ new: Root, below prefix: String, exchange: String?
  ) -> [SettingsChange] {
    table.filter { !$0.alias && $0.read(old) != $0.read(new) }.map { row in
      SettingsChange(
        keyPath: prefix + row.key, exchange: exchange, reloadClass: row.reload, old: row.show(old), new: row.show(new))
    }
  }

  private static func entries<Root>(
    _ table: [SchemaKey<Root>], _ old: [String: Root], _ new: [String: Root], below path: String, separator: String
  ) -> [SettingsChange] {
    Set(old.keys).union(new.keys).sorted().flatMap { name -> [SettingsChange] in
      let keyPath = "\(path).\(name)"
      guard let before = old[name], let after = new[name] else {
        return [
          SettingsChange(
            keyPath: keyPath, reloadClass: .rebuild, old: show(old[name], table), new: show(new[name], table))
        ]
      }
      return changes(table, before, after, below: keyPath + separator, exchange: nil)
    }
  }

  /// A whole entry on one line; empty when there is none.
  private static func show<Root>(_ entry: Root?, _ table: [SchemaKey<Root>]) -> String {
    guard let entry else { return "" }
    let values = table.map { $0.key.isEmpty ? $0.show(entry) : "\($0.key): \($0.show(entry))" }
    return table.count == 1 ? values.joined() : "{\(values.joined(separator: ", "))}"
  }

  private static func exchanges(
    _ old: [CollectorSettings.Exchange], _ new: [CollectorSettings.Exchange]
  ) -> [SettingsChange] {
    var found: [SettingsChange] = []
    for (index, after) in new.enumerated() {
      let path = "exchanges[\(index)]"
      if let before = old.first(where: { $0.name == after.name }) {
        found += changes(SettingsSchema.exchange, before, after, below: "\(path).", exchange: after.name)
      } else {
        found.append(
          SettingsChange(keyPath: path, exchange: after.name, reloadClass: .rebuild, old: "", new: after.name))
      }
    }
    for (index, before) in old.enumerated() where !new.contains(where: { $0.name == before.name }) {
      found.append(
        SettingsChange(
          keyPath: "exchanges[\(index)]", exchange: before.name, reloadClass: .rebuild, old: before.name, new: ""))
    }
    return found
  }
}
