/// Reads configurations: text → tree → settings, with everything that is wrong reported at once.
public enum SettingsLoader {
  /// Errors reported of one configuration; a file of nonsense could have a hundred thousand.
  static let maximumErrors = 1000

  /// Reads a file, lays `collector.d/*.yaml` beside it over it, then the fragment, then the environment, and reads the
  /// files `exchanges.configs` names.
  ///
  /// - Parameters:
  ///   - file: path, at most 1 MiB of UTF-8
  ///   - supported: what this build can collect
  ///   - environment: the process's environment: what references take from it, and `MARKETPRISM_…`, `NATS_URL`,
  ///     `LOG_LEVEL` and `HTTP_PORT`, which override the files
  ///   - fragment: laid over the file and its drop-ins as one more of them
  ///   - dropIns: a directory to take drop-ins from instead of `collector.d` beside the file
  ///   - asService: whether this is the service itself. Otherwise its credentials, and files of references that only it
  ///     may read, are unknown: a warning, and the keys they stand for keep their defaults
  /// - Returns: valid settings, or all errors in file order
  public static func load(
    file: String, supported: SupportedVenues, environment: [String: String] = [:], fragment: SettingsFragment? = nil,
    dropIns: String? = nil, asService: Bool = true
  ) -> Result<LoadedSettings, SettingsErrors> {
    switch FileReader.read(file) {
    case .success(let bytes):
      let reader = SettingsReader(
        supported: supported, file: file,
        references: ReferenceResolver(environment: environment, lenient: !asService))
      let directory = dropIns.map(DropIns.init(path:)) ?? DropIns(beside: file)
      return load(bytes, reader, environment, dropIns: directory, fragment: fragment)
    case .failure(let problem):
      return .failure(SettingsErrors(errors: [SettingsError(Place(file: file), "", problem.message)]))
    }
  }

  /// Reads a text as if it were a file of that name.
  ///
  /// - Parameters:
  ///   - text: the configuration
  ///   - name: what the errors call it; files that it names are looked for beside it
  ///   - supported: what this build can collect
  ///   - environment: the process's environment, as for a file
  /// - Returns: valid settings, or all errors in file order
  public static func load(
    text: String, name: String, supported: SupportedVenues, environment: [String: String] = [:]
  ) -> Result<LoadedSettings, SettingsErrors> {
    load(bytes: Array(text.utf8), name: name, supported, environment)
  }

  /// Reads bytes, which need not even be text, as if they were a file of that name.
  package static func load(
    bytes: [UInt8], name: String, _ supported: SupportedVenues, _ environment: [String: String] = [:]
  ) -> Result<LoadedSettings, SettingsErrors> {
    let references = ReferenceResolver(environment: environment, lenient: false)
    return load(
      bytes, SettingsReader(supported: supported, file: name, references: references), environment, dropIns: nil,
      fragment: nil)
  }

  private static func load(
    _ bytes: [UInt8], _ start: SettingsReader, _ environment: [String: String], dropIns: DropIns?,
    fragment: SettingsFragment?
  ) -> Result<LoadedSettings, SettingsErrors> {
    var reader = start
    var root = reader.tree(bytes, file: reader.files.first ?? "")
    if let dropIns { reader.layDropIns(over: &root, from: dropIns) }
    if let fragment { reader.lay(fragment, over: &root) }
    // A text that broke off in the middle would look as if its later keys were missing.
    if reader.errors.contains(where: \.keyPath.isEmpty) { return .failure(ordered(reader.errors, reader.files)) }
    let settings = reader.settings(from: root, environment: environment)
    reader.noteReferences()
    if !reader.errors.isEmpty { return .failure(ordered(reader.errors, reader.files)) }
    let warnings = ordered(reader.warnings, reader.files).errors
    return .success(
      LoadedSettings(settings: settings, warnings: warnings, files: reader.files, places: reader.places))
  }

  /// File order: by file, line and column; the environment comes last.
  private static func ordered(_ errors: [SettingsError], _ files: [String]) -> SettingsErrors {
    let ranks = Dictionary(files.enumerated().map { ($1, $0) }) { first, _ in first }
    var sorted = errors.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      return (ranks[a.file] ?? files.count, a.line, a.column, left.offset)
        < (ranks[b.file] ?? files.count, b.line, b.column, right.offset)
    }.map(\.element)
    if sorted.count > maximumErrors {
      let more = sorted.count - maximumErrors
      sorted.removeLast(more)
      let last = SettingsError(Place(file: files.first ?? ""), "", "and \(more) more")
      sorted.append(last)
    }
    return SettingsErrors(errors: sorted, files: files)
  }
}
