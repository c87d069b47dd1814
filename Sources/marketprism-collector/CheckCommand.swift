import Agent
import ArgumentParser
import Glibc
import Settings

/// Validates a configuration: no side effects, no network.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a configuration without running it.",
    discussion: "Prints every error as file:line:column: key: message to standard error and exits with 78.")

  @Option(help: "The configuration file.")
  var config = ConfigurationFile.defaultPath

  func run() throws {
    let loaded = try ConfigurationFile.load(config)
    StandardStreams.output(
      "\(config): valid, \(loaded.settings.exchanges.filter(\.enabled).count) exchange entries enabled")
  }
}

/// Reading the configuration at start: errors and warnings go to standard error.
enum ConfigurationFile {
  static let defaultPath = "/etc/marketprism/collector.yaml"

  static func load(_ path: String) throws -> LoadedSettings {
    switch SettingsCheck.load(file: path, environment: environment()) {
    case .success(let loaded):
      for warning in loaded.warnings { StandardStreams.error("warning: \(warning)") }
      return loaded
    case .failure(let errors):
      StandardStreams.error(errors.description)
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
