import Logging
import NIOPosix
import VenueSimulator

/// Runs `body` with a started simulator and stops it afterwards, whatever happens.
func withSimulator(
  _ configuration: SimulatorConfiguration,
  _ body: (BinanceSimulator, SimulatorEndpoints) async throws -> Void
) async throws {
  var logger = Logger(label: "simulator")
  logger.logLevel = .error
  let simulator = BinanceSimulator(
    configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: logger)
  let endpoints = try await simulator.start()
  do {
    try await body(simulator, endpoints)
  } catch {
    await simulator.stop()
    throw error
  }
  await simulator.stop()
}

/// Polls until `condition` holds; false when it does not within `seconds`.
func eventually(seconds: Double = 5, _ condition: () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + .milliseconds(Int64(seconds * 1000))
  while !condition() {
    guard ContinuousClock.now < deadline else { return false }
    try await Task.sleep(for: .milliseconds(5))
  }
  return true
}

/// Splits a combined-stream frame into the stream's name and the message.
func split(_ frame: SocketClient.Frame) -> (stream: String, payload: [UInt8])? {
  var scanner = ByteScanner(frame.payload[...])
  guard scanner.skip("{\"stream\":\""), let stream = scanner.take(until: 0x22), scanner.skip(",\"data\":") else {
    return nil
  }
  return (String(decoding: stream, as: UTF8.self), Array(scanner.rest.dropLast()))
}
