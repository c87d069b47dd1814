import Agent
import ArgumentParser
import Glibc
import Settings

/// Validates a configuration: no side effects, no network, as any user.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a configuration without running it.",
    discussion: """
      Prints every error as file:line:column: key: message to standard error and exits with 78; changes nothing, needs \
      no network and no rights. Credentials, and files of references that only the service may read, are not checked: \
      a warning says so.
      """)

  @Option(help: "The configuration file.")
  var config = ConfigurationFile.defaultPath

  @Option(help: "A file that is laid over the configuration like one more drop-in.")
  var withFragment: String?

  @Option(help: "The directory of drop-ins, instead of collector.d beside the configuration file.")
  var dropIns: String?

  func run() throws {
    let fragment = try withFragment.map { try ConfigurationFile.accept(SettingsFragment.read(file: $0)) }
    let loaded = try ConfigurationFile.accept(
      SettingsCheck.load(
        file: config, environment: ConfigurationFile.environment(), fragment: fragment, dropIns: dropIns,
        asService: false))
    ConfigurationFile.tell(loaded.warnings)
    StandardStreams.output(
      "\(withFragment ?? config): valid, \(loaded.settings.exchanges.filter(\.enabled).count) exchange entries enabled")
  }
}

/// Reading the configuration at start: errors and warnings go to standard error.
enum ConfigurationFile {
  static let defaultPath = "/etc/marketprism/collector.yaml"

  static func load(_ path: String) throws -> LoadedSettings {
    let loaded = try accept(SettingsCheck.load(file: path, environment: environment()))
    tell(loaded.warnings)
    return loaded
  }

  /// What was read; errors end the program with 78.
  static func accept<Value>(_ read: Result<Value, SettingsErrors>) throws -> Value {
    switch read {
    case .success(let value): return value
    case .failure(let errors):
      StandardStreams.error(errors.description)
      throw Exit.configuration
    }
  }

  static func tell(_ warnings: [SettingsError]) {
    for warning in warnings { StandardStreams.error("warning: \(warning)") }
  }

  /// The configuration, or in place of a wrong one the last settings that worked.
  ///
  /// - Returns: the settings, and why they are not the file's.
  static func loadOrLastGood(_ path: String) throws -> (LoadedSettings, String?) {
    let environment = environment()
    let errors: SettingsErrors
    switch SettingsCheck.load(file: path, environment: environment) {
    case .success(let loaded):
      tell(loaded.warnings)
      return (loaded, nil)
    case .failure(let found): errors = found
    }
    StandardStreams.error(errors.description)
    // A configuration that cannot be read cannot say where its state is; its variable can, and systemd does.
    let directory =
      environment["MARKETPRISM_COLLECTOR_STATE_DIRECTORY"]
      ?? environment["STATE_DIRECTORY"].flatMap { $0.split(separator: ":").first.map(String.init) }
      ?? LastGoodFile.defaultDirectory
    switch SettingsCheck.loadLastGood(in: directory) {
    case .success(let loaded):
      let count = errors.errors.count
      let reason =
        "\(path) has \(count) error\(count == 1 ? "" : "s"): \(errors.errors.first?.description ?? "")"
      StandardStreams.error(
        "WARNING: starting with the last good settings of \(directory)/\(LastGoodFile.name), because \(reason)")
      return (loaded, reason)
    case .failure(let problem):
      StandardStreams.error("there are no last good settings to start with: \(problem)")
      throw Exit.configuration
    }
  }

  /// The environment of this process.
  static func environment() -> [String: String] {
    var values: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    return values
  }
}
