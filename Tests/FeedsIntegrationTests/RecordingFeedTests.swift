import Feeds
import Glibc
import MarketData
import Testing
import VenueSimulator

@Suite("Recordings through a feed", .serialized)
struct RecordingFeedTests {
  static let captures = "../shared/captures"

  struct Recording: Sendable, CustomTestStringConvertible {
    var file: String
    var market: MarketType
    var checkpoints: Int
    var testDescription: String { file }

    static let all = [
      Recording(file: "binance-usdm-btcusdt-20240808.gz", market: .perpetual, checkpoints: 629),
      Recording(file: "binance-spot-btcusdt-20240808.gz", market: .spot, checkpoints: 564),
    ]
  }

  private func options(_ recording: Recording, _ speed: RecordingSource.Speed) -> Rig.Options {
    var options = Rig.Options()
    options.simulator = SimulatorConfiguration(
      recording: RecordingSource(path: "\(Self.captures)/\(recording.file)", speed: speed))
    options.symbols = [recording.market: ["BTCUSDT"]]
    options.recordsEvents = false
    return options
  }

  @Test(
    "served at maximum speed over a socket, every checkpoint matches and the book ends as it is known to",
    .enabled(if: access(captures, R_OK) == 0, "no recordings in \(captures)"), arguments: Recording.all)
  func wholeRecording(_ recording: Recording) async throws {
    try await Rig.run(options(recording, .max)) { rig in
      #expect(await eventually(seconds: 40) { rig.simulator.statistics.recording == .finished })
      // The snapshot may still be on its way when the last line has been sent.
      #expect(await eventually(seconds: 15) { await rig.allSynchronised(1) })
      let equal = await eventually(seconds: 10) { await rig.difference() == nil }
      let difference = await rig.difference()
      #expect(equal, "\(difference ?? "equal now, but too late")")
      let report = try #require(await rig.reports().first)
      let book = try #require(report.books.first)
      #expect(book.isSynchronised, "\(book)")
      #expect(book.statistics.checkpointsMatched == recording.checkpoints)
      #expect(book.statistics.checkpointsMismatched == 0)
      #expect(book.statistics.gaps == 0)
      #expect(book.statistics.resynchronisations == 0)
      #expect(report.statistics.failed == 0)
      #expect(report.reconnects == 0)
      if recording.market == .perpetual {
        #expect(book.bestBid?.price.description == "61659.70" && book.bestBid?.quantity.description == "1.486")
        #expect(book.bestAsk?.price.description == "61659.80" && book.bestAsk?.quantity.description == "0.981")
        #expect(book.bidLevels == 5018 && book.askLevels == 4578)
      }
    }
  }

  @Test(
    "served at ten times its pace, checkpoints match as they come",
    .enabled(if: access(captures, R_OK) == 0, "no recordings in \(captures)"), arguments: Recording.all)
  func tenTimes(_ recording: Recording) async throws {
    try await Rig.run(options(recording, .multiple(10))) { rig in
      #expect(await eventually(seconds: 10) { await rig.books().first?.statistics.checkpointsMatched ?? 0 >= 5 })
      let book = try #require(await rig.books().first)
      #expect(book.isSynchronised)
      #expect(book.statistics.checkpointsMismatched == 0)
      #expect(book.statistics.gaps == 0)
    }
  }
}
