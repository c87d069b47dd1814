import Agent
import ArgumentParser
import Glibc
import Logging
import NIOPosix
import Settings
import VenueSimulator

/// The agent together with a simulated exchange on loopback: no internet, no NATS, no root.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Run the collector against a built-in exchange simulator on loopback.",
    discussion: "Needs neither internet nor NATS: NATS is optional and absent, so the health is degraded, and says so.")

  @OptionGroup var options: SimulatorOptions

  @Option(help: "HTTP port on 127.0.0.1; 0 lets the system choose.")
  var httpPort = 8081

  @Option(
    name: .customLong("admin-socket"), help: "Path of the admin socket; without it in a directory of this user's own.")
  var chosenSocket: String?

  @Option(help: "Publish to this NATS server; without it the demo does without.")
  var natsURL: String?

  private var adminSocket: String { chosenSocket ?? Self.defaultSocket() }

  /// In a directory of this user's own.
  private static func defaultSocket() -> String {
    if let directory = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), directory.hasPrefix("/") {
      return "\(directory)/marketprism-demo/collector.sock"
    }
    return getuid() == 0 ? "/run/marketprism-demo/collector.sock" : "/tmp/marketprism-demo-\(getuid())/collector.sock"
  }

  func run() async throws {
    let signals = await SignalReceiver()
    if let recording = options.recording { try InputFile.mustBeReadable(recording) }
    let quiet = LogControl(level: .warning)
    let simulator = BinanceSimulator(
      configuration: try options.simulator(host: "127.0.0.1", port: 0), group: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "simulator") { ConsoleLogHandler(label: $0, control: quiet) })
    let endpoints: SimulatorEndpoints
    do {
      endpoints = try await simulator.start()
    } catch {
      StandardStreams.error("marketprism-collector: the simulator cannot start: \(error)")
      throw Exit.unavailable
    }
    let settings = try settings(endpoints)
    let daemon = Daemon(
      start: CollectorAgent.Start(
        settings: settings, file: nil, environment: [:], version: CollectorVersion.current),
      signals: signals)
    let port: Int
    do {
      port = try await daemon.open()
    } catch {
      StandardStreams.error("(--http-port and --admin-socket move the demo beside what runs already)")
      await simulator.stop()
      throw error
    }
    let screen = DemoScreen(
      agent: daemon.agent, port: port, socket: adminSocket, endpoints: endpoints, natsURL: natsURL,
      recording: options.recording)
    screen.showSummary(settings)
    let outcome: Result<Void, any Error>
    do {
      try await daemon.runUntilStopped { await screen.showProgress() }
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    await simulator.stop()
    try outcome.get()
  }

  private func settings(_ endpoints: SimulatorEndpoints) throws -> CollectorSettings {
    var settings = CollectorSettings()
    settings.collector.httpPort = httpPort
    settings.collector.logLevel = .warning
    settings.admin.socket = adminSocket
    // The package's admin group need not exist where the demo runs.
    settings.admin.roles = CollectorSettings.Roles(operator: CollectorSettings.Members())
    // Without an address no server is dialled: generated data must not reach a NATS that happens to run here.
    settings.nats.urls = natsURL.map { [$0] } ?? []
    settings.exchanges = try entries().map { entry in
      var entry = entry
      let isSpot = entry.marketType == "spot"
      entry.wsURL = isSpot ? endpoints.spotWebSocketURL : endpoints.usdmWebSocketURL
      entry.baseURL = isSpot ? endpoints.spotRESTURL : endpoints.usdmRESTURL
      return entry
    }
    return settings
  }

  private func entries() throws -> [CollectorSettings.Exchange] {
    guard let recording = options.recording else {
      return [
        CollectorSettings.Exchange(marketType: "spot", symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"]),
        CollectorSettings.Exchange(marketType: "perpetual", symbols: ["BTCUSDT", "ETHUSDT"]),
      ]
    }
    do {
      let probe = try RecordingProbe(path: recording)
      return [CollectorSettings.Exchange(marketType: probe.market.rawValue, symbols: probe.symbols)]
    } catch {
      StandardStreams.error("marketprism-collector: \(error)")
      throw Exit.damagedInput
    }
  }
}
