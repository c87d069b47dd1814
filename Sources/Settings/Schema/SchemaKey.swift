/// One row of the schema table: everything there is to know about one key.
package struct SchemaKey<Root: Sendable>: Sendable {
  /// Path below the root, for example `collector.http_port`.
  package let key: String
  package let type: ValueType
  /// What changing it asks of a running collector.
  package let reload: ReloadClass
  /// Whether the value may carry a secret; it is then never repeated as it stands.
  package let secret: Bool
  /// Whether this version does something with it. Otherwise it is checked, and setting it is a warning.
  package let used: Bool
  /// Whether it is another spelling of the key of the next row.
  package let alias: Bool
  /// Whether an entry without it is an error.
  package let required: Bool
  /// Environment variable that overrides the file.
  package let environment: String?
  package let help: String
  package let read: @Sendable (Root) -> SettingValue
  /// Says whether the value was of the right type.
  package let write: @Sendable (inout Root, SettingValue) -> Bool

  init<Value: SettingConvertible>(
    _ key: String, _ type: ValueType, _ path: WritableKeyPath<Root, Value> & Sendable, _ reload: ReloadClass,
    secret: Bool = false, used: Bool = true, alias: Bool = false, required: Bool = false, environment: String? = nil,
    _ help: String
  ) {
    self.key = key
    self.type = type
    self.reload = reload
    self.secret = secret
    self.used = used
    self.alias = alias
    self.required = required
    self.environment = environment
    self.help = help
    read = { $0[keyPath: path].settingValue }
    write = { root, value in
      guard let value = Value(value) else { return false }
      root[keyPath: path] = value
      return true
    }
  }

  /// The value as text, fit for a log.
  package func show(_ root: Root) -> String {
    type.show(read(root))
  }
}

/// A row of the schema for readers: help, documentation, tests.
package struct SchemaEntry: Sendable {
  /// Full path with `[]` for the entries of a list and `*` for a free name: `exchanges[].symbols`.
  package let pattern: String
  package let type: ValueType
  /// The default as it would be written in the file, `~` for none; nothing for a required key.
  package let defaultText: String?
  package let reload: ReloadClass
  package let secret: Bool
  package let used: Bool
  package let environment: String?
  /// The variable of our own that overrides the file; nothing for the entries of lists and maps.
  package let variable: String?
  package let help: String

  init<Root>(_ row: SchemaKey<Root>, below prefix: String, defaults: Root) {
    pattern = prefix + row.key
    type = row.type
    defaultText = row.required ? nil : row.show(defaults)
    reload = row.reload
    secret = row.secret
    used = row.used
    environment = row.environment
    variable = prefix.isEmpty ? EnvironmentKeys.variable(for: row.key) : nil
    help = row.help
  }
}
