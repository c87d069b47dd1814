/// A text laid over the files like one more drop-in, for example what came with `config check`.
public struct SettingsFragment: Sendable, Equatable {
  /// What errors and sources call it.
  public var name: String
  /// YAML in UTF-8.
  public var text: [UInt8]
  /// Whether who wrote it may see the environment of this process. Otherwise what it takes from there counts as secret:
  /// `config diff` would else show it to everybody who may look.
  public var mayShowVariables: Bool

  /// A fragment with the given name and text.
  public init(name: String, text: [UInt8], mayShowVariables: Bool = false) {
    self.name = name
    self.text = text
    self.mayShowVariables = mayShowVariables
  }

  /// The text of a file, written by whoever runs this process.
  ///
  /// - Returns: the fragment, named as the file, or why the file cannot be read
  public static func read(file: String) -> Result<SettingsFragment, SettingsErrors> {
    FileReader.read(file).map { SettingsFragment(name: file, text: $0, mayShowVariables: true) }
      .mapError { SettingsErrors(errors: [SettingsError(Place(file: file), "", $0.message)]) }
  }
}
