import Agent
import ArgumentParser
import Glibc
import MarketData
import Recordings
import Venues

/// A recording through the live decoders and books.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Run a recording through the decoders and books, without any network.",
    discussion: """
      Prints a summary; with --events every normalised event as the JSON line that would be published, and the summary \
      goes to standard error. Exits with 1 when the book contradicts the exchange's own best prices.
      """)

  @Argument(help: "The recording, plain or gzip: <receive time, ns> <frame> a line.")
  var file: String

  @Option(help: "The exchange: \(VenueRegistry.venues.map(\.name).joined(separator: ", ")).")
  var exchange: String

  @Option(help: "The market: spot or perpetual.")
  var market: String

  @Flag(help: "Print every normalised event as a JSON line.")
  var events = false

  @Flag(help: "Print the summary as one JSON object.")
  var json = false

  func run() throws {
    guard let venue = VenueRegistry.venue(named: exchange) else {
      throw ValidationError(
        "unknown exchange \(exchange); known: \(VenueRegistry.venues.map(\.name).joined(separator: ", "))")
    }
    guard let market = MarketType(rawValue: market), venue.markets.contains(where: { $0.market == market }) else {
      let known = venue.markets.map(\.market.rawValue).joined(separator: ", ")
      throw ValidationError("unknown market \(market) of \(exchange); known: \(known)")
    }
    try InputFile.mustBeReadable(file)
    // A reader that has seen enough ends the replay.
    signal(SIGPIPE, SIG_DFL)
    let lines = OutputLines()
    let replay = Replay(venue: venue, market: market, output: events ? { lines.append($0.payload) } : nil)
    let summary: ReplaySummary
    do {
      defer { lines.flush() }
      summary = try replay.run(path: file)
    } catch {
      StandardStreams.error("marketprism-collector: \(error)")
      throw Exit.damagedInput
    }
    let text = json ? summary.json.text : summary.text
    if events { StandardStreams.error(text) } else { StandardStreams.output(text) }
    if summary.checkpointsMismatched > 0 { throw Exit.mismatch }
  }
}

/// Lines on their way to standard output, gathered to large writes.
private final class OutputLines {
  private static let limit = 256 << 10
  private var writer = ByteWriter(capacity: limit)

  func append(_ line: UnsafeRawBufferPointer) {
    writer.append(line)
    writer.append(0x0A)
    if writer.count >= Self.limit { flush() }
  }

  func flush() {
    StandardStreams.write(writer.bytes, to: STDOUT_FILENO)
    writer.removeAll()
  }
}
