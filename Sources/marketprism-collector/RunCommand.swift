import Agent
import ArgumentParser

/// The daemon.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run the collector.",
    discussion: "SIGHUP reads the configuration again; SIGTERM and SIGINT stop cleanly.")

  @Option(help: "The configuration file.")
  var config = ConfigurationFile.defaultPath

  @Option(help: "Accepted for callers of the earlier service; \"full\" is the one mode.")
  var mode = "full"

  @Flag(
    help: ArgumentHelp(
      "When the configuration has errors, start with the last settings that worked.",
      discussion: """
        They are looked for in $MARKETPRISM_COLLECTOR_STATE_DIRECTORY, $STATE_DIRECTORY or \(LastGoodFile.defaultDirectory), \
        the first that is set. Health warns until a reload succeeds.
        """))
  var fallbackLastGood = false

  func validate() throws {
    guard mode == "full" else { throw ValidationError("--mode must be full, not \(mode)") }
  }

  func run() async throws {
    let signals = await SignalReceiver()
    let (loaded, fallbackReason) =
      try fallbackLastGood ? ConfigurationFile.loadOrLastGood(config) : (ConfigurationFile.load(config), nil)
    var start = CollectorAgent.Start(
      settings: loaded.settings, file: config, environment: ConfigurationFile.environment(),
      version: CollectorVersion.current)
    start.loaded = loaded
    start.fallbackReason = fallbackReason
    let daemon = Daemon(start: start, signals: signals, service: EntryPoint.service)
    try await daemon.open()
    try await daemon.runUntilStopped()
  }
}
