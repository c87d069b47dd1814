/// An option of the tool itself. Those of a command follow from the command table.
package struct ToolOption: Sendable, Equatable {
  /// With its dashes.
  package let name: String
  /// What its value is called; nil when it takes none.
  package let value: String?
  /// The commands it is for; empty when it is for all.
  package let commands: [String]
  /// One sentence.
  package let help: String

  /// All options, in the order help shows them.
  package static let all: [ToolOption] = [
    .json, .socket, .timeout, .failDegraded, .nagios, .fragment, .completion, .help, .version,
  ]

  /// Ask for JSON.
  package static let json = ToolOption(
    name: "--json", value: nil, commands: [], help: "print the reply as one JSON object")
  /// Where the collector listens.
  package static let socket = ToolOption(
    name: "--socket", value: "PATH", commands: [],
    help: "the collector's socket; else the variable MARKETPRISM_SOCKET, else \(ToolSettings.defaultSocket)")
  /// The most it may take.
  package static let timeout = ToolOption(
    name: "--timeout", value: "DURATION", commands: [],
    help: "the most it may take in all, such as 25, 25s or 2m; without it as long as the collector shows signs of life")
  /// Be strict.
  package static let failDegraded = ToolOption(
    name: "--fail-degraded", value: nil, commands: [],
    help: "exit with 5 when the collector is degraded or not ready, although the command was done")
  /// For monitoring.
  package static let nagios = ToolOption(
    name: "--nagios", value: nil, commands: ["health"],
    help: "one line and the exit status of a Nagios plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN")
  /// A payload from a file.
  package static let fragment = ToolOption(
    name: "--fragment", value: "FILE", commands: ["config check", "config diff"],
    help: "lay this file over the configuration as one more drop-in; \"-\" is standard input")
  /// Shell completion.
  package static let completion = ToolOption(
    name: "--completion", value: "SHELL", commands: [], help: "print the completion for bash, zsh or fish")
  /// Help.
  package static let help = ToolOption(
    name: "--help", value: nil, commands: [], help: "explain the tool, or the commands that begin so")
  /// Version.
  package static let version = ToolOption(
    name: "--version", value: nil, commands: [], help: "print the version of this tool")
}
