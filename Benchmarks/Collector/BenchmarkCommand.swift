import ArgumentParser
import Glibc
import MarketData

@main
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marketprism-bench", abstract: "Measures decoding, books and encoding on one core.")

  @Option(help: "A recording of Binance traffic; a generated stream of the same mix where it is absent.")
  var recording = "../shared/captures/binance-usdm-btcusdt-20240808.gz"

  @Option(help: "The market the recording is of: perpetual or spot.")
  var market = "perpetual"

  @Option(help: "Measured rounds of each row.")
  var rounds = 9

  @Option(help: "Only the row of this name; for profiling.")
  var only: String?

  @Flag(help: "Use the generated stream even where the recording is there.")
  var generated = false

  @Flag(help: "One JSON object instead of lines.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is 1 to 1000") }
    guard MarketType(rawValue: market) != nil else { throw ValidationError("--market is perpetual or spot") }
  }

  func run() throws {
    let traffic = try loadTraffic()
    let benchmarks = Benchmarks(traffic: traffic, rounds: rounds)
    let audited = traffic.pipeline(encoding: false)
    traffic.run(audited)
    let statistics = audited.allBooks.map(\.book.statistics)
    let allocations = [("decode + book", false), ("decode + book + encode", true)].map { name, encoding in
      let result = benchmarks.steadyStateAllocations(encoding: encoding)
      return (name: name, allocations: result.allocations, messages: result.messages)
    }
    let report = Report(
      traffic: traffic.name, rounds: rounds, rows: benchmarks.rows(only: only), allocations: allocations,
      checkpoints: (
        statistics.reduce(0) { $0 + $1.checkpointsMatched }, statistics.reduce(0) { $0 + $1.checkpointsMismatched }
      ))
    print(json ? report.json : report.text)
  }

  private func loadTraffic() throws -> Traffic {
    guard !generated, access(recording, R_OK) == 0, let market = MarketType(rawValue: market) else {
      return .generated(messages: 90_000)
    }
    return try Traffic(recording: recording, market: market)
  }
}
