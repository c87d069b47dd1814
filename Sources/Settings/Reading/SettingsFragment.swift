/// A text laid over the files like one more drop-in, for example what came with `config check`.
public struct SettingsFragment: Sendable, Equatable {
  /// What errors and sources call it.
  public var name: String
  /// YAML in UTF-8.
  public var text: [UInt8]

  /// A fragment with the given name and text.
  public init(name: String, text: [UInt8]) {
    self.name = name
    self.text = text
  }
}
