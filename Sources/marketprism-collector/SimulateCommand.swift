import Agent
import ArgumentParser
import Logging
import NIOPosix
import UnixSignals
import VenueSimulator

/// What `simulate` and `demo` have in common.
struct SimulatorOptions: ParsableArguments {
  @Option(help: "Serve this recording instead of generated data.")
  var recording: String?

  @Option(help: "How fast a recording is served: 1 is as it was recorded; a factor, or max.")
  var speed = "1"

  @Option(help: "Orders a second in all, when generated.")
  var eventsPerSecond = 200

  @Option(help: "Seed of the generated data and of the faults.")
  var seed: UInt64 = 1

  @Option(help: "Inject a fault; may be given several times: \(Self.faultList).")
  var fault: [String] = []

  func validate() throws {
    guard recordingSpeed != nil else { throw ValidationError("--speed must be a positive factor or max, not \(speed)") }
    guard eventsPerSecond >= 0, eventsPerSecond <= 1_000_000 else {
      throw ValidationError("--events-per-second must be 0 to 1000000")
    }
    _ = try faults()
  }

  private static let faultList = FaultSyntax.table.map { row in
    row.argument.map { "\(row.name):\($0)" } ?? row.name
  }.joined(separator: ", ")

  private var recordingSpeed: RecordingSource.Speed? {
    if speed == "max" { return .max }
    guard let factor = Double(speed), factor > 0, factor.isFinite else { return nil }
    return .multiple(factor)
  }

  private func faults() throws -> [Fault] {
    do {
      return try fault.map(BinanceSimulator.parseFault)
    } catch {
      throw ValidationError("--fault: \(error)")
    }
  }

  /// The simulator's configuration on this address.
  func simulator(host: String, port: Int) throws -> SimulatorConfiguration {
    SimulatorConfiguration(
      host: host, port: port, seed: seed, eventsPerSecond: eventsPerSecond,
      recording: recording.map { RecordingSource(path: $0, speed: recordingSpeed ?? .multiple(1)) },
      faults: try faults())
  }
}

/// The exchange simulator as a process of its own.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Run the built-in exchange simulator alone.",
    discussion: "Prints its endpoints, which go into ws_url and base_url of an exchange entry.")

  @Option(help: "Loopback address and port; port 0 lets the system choose.")
  var listen = "127.0.0.1:0"

  @OptionGroup var options: SimulatorOptions

  func run() async throws {
    guard let colon = listen.lastIndex(of: ":"), let port = Int(listen[listen.index(after: colon)...]),
      (0...65535).contains(port)
    else { throw ValidationError("--listen must be ADDRESS:PORT, not \(listen)") }
    let host = String(listen[..<colon])
    // Made-up market data is nobody else's business.
    guard ["localhost", "::1", "[::1]"].contains(host) || host.hasPrefix("127.") else {
      throw ValidationError("--listen must be an address of the loopback, such as 127.0.0.1:0, not \(listen)")
    }
    if let recording = options.recording { try InputFile.mustBeReadable(recording) }
    let control = LogControl(level: .info)
    let logger = Logger(label: "simulator") { ConsoleLogHandler(label: $0, control: control) }
    let simulator = BinanceSimulator(
      configuration: try options.simulator(host: host, port: port),
      group: MultiThreadedEventLoopGroup.singleton, logger: logger)
    // Before it prints anything: whoever reads the endpoints may end it the same moment.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let endpoints: SimulatorEndpoints
    do {
      endpoints = try await simulator.start()
    } catch {
      StandardStreams.error("marketprism-collector: the simulator cannot listen on \(listen): \(error)")
      throw Exit.unavailable
    }
    StandardStreams.output(
      """
      spot.ws_url: \(endpoints.spotWebSocketURL)
      spot.base_url: \(endpoints.spotRESTURL)
      perpetual.ws_url: \(endpoints.usdmWebSocketURL)
      perpetual.base_url: \(endpoints.usdmRESTURL)
      """)
    for await _ in signals { break }
    await simulator.stop()
  }
}
