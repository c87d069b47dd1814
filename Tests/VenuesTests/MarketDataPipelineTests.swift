import MarketData
import Testing
import Venues

@Suite("Pipeline of a connection")
struct MarketDataPipelineTests {
  private func pipeline(keepsBooks: Bool = true, publishing: Bool = true) -> MarketDataPipeline {
    let instruments = ["BTCUSDT", "ETHUSDT"].compactMap { BinanceSymbols.instrument($0, market: .perpetual) }
    return MarketDataPipeline(
      decoder: BinanceFrameDecoder(market: .perpetual, instruments: instruments), rule: .namesPrevious,
      keepsBooks: keepsBooks, publishing: publishing ? .init(subject: .current, collector: "host-1") : nil)
  }

  @discardableResult
  private func receive(_ pipeline: MarketDataPipeline, _ frame: String) -> Bool {
    var frame = frame
    return frame.withUTF8 {
      pipeline.receive(UnsafeRawBufferPointer($0), receivedNS: 1_700_000_000_000_000_000, publishedMS: 5)
    }
  }

  private func snapshot(_ pipeline: MarketDataPipeline, _ body: String, place: Int = 0) throws
    -> ManagedBook.SnapshotOutcome
  {
    let bytes = Array(body.utf8)
    return try bytes.withUnsafeBytes {
      try pipeline.receiveSnapshot($0, instrument: place, receivedNS: 1_700_000_000_000_000_000, publishedMS: 5)
    }
  }

  private let body = #"{"lastUpdateId":150,"E":1,"T":2,"bids":[["100.00","1"]],"asks":[["100.50","2"]]}"#

  @Test("a change without a book asks for a snapshot; the snapshot publishes the whole book, changes follow")
  func synchronising() throws {
    let pipeline = pipeline()
    #expect(receive(pipeline, Frames.text(Frames.depth)))
    #expect(pipeline.requests == [.snapshot(instrument: 0)])
    #expect(pipeline.output.count == 0)
    #expect(try snapshot(pipeline, body) == .synchronised)
    #expect(pipeline.output.count == 1)
    let next = Frames.with(Frames.with(Frames.with(Frames.depth, "pu", "160"), "U", "161"), "u", "165")
    #expect(receive(pipeline, Frames.text(next)))
    #expect(pipeline.output.count == 2)
    #expect(pipeline.requests.count == 1)
    let book = try #require(pipeline.book(instrument: 0))
    #expect(book.book.bestBid?.price.description == "100.10")
    #expect(book.book.bestAsk?.price.description == "100.20")
    #expect(pipeline.book(instrument: 1)?.isSynchronised == false)
    #expect(pipeline.book(instrument: 2) == nil)
    #expect(pipeline.book(instrument: -1) == nil)
  }

  @Test("a quote that contradicts the book asks for a snapshot")
  func contradiction() throws {
    let pipeline = pipeline()
    _ = try snapshot(pipeline, body)
    #expect(receive(pipeline, Frames.text(Frames.with(Frames.with(Frames.ticker, "s", #""BTCUSDT""#), "u", "150"))))
    #expect(pipeline.requests == [.snapshot(instrument: 0)])
    #expect(pipeline.book(instrument: 0)?.lossReason == .contradicted)
  }

  @Test("without books, changes are passed on as they come")
  func withoutBooks() throws {
    let pipeline = pipeline(keepsBooks: false)
    #expect(receive(pipeline, Frames.text(Frames.depth)))
    #expect(pipeline.output.count == 1)
    #expect(pipeline.requests.isEmpty)
    #expect(pipeline.allBooks.isEmpty)
    #expect(try snapshot(pipeline, body) == .notWanted)
  }

  @Test("without publishing nothing is encoded, and books are kept all the same")
  func withoutPublishing() throws {
    let pipeline = pipeline(publishing: false)
    #expect(try snapshot(pipeline, body) == .synchronised)
    #expect(receive(pipeline, Frames.text(Frames.trade)))
    #expect(pipeline.output.count == 0)
  }

  @Test("answers and announcements become requests to the owner")
  func requests() {
    let pipeline = pipeline()
    receive(pipeline, #"{"result":null,"id":3}"#)
    receive(pipeline, #"{"error":{"code":2,"msg":"no"},"id":4}"#)
    receive(pipeline, #"{"e":"serverShutdown","E":1}"#)
    #expect(
      pipeline.requests == [.acknowledged(id: 3), .refused(id: 4, code: 2, message: "no"), .shutdownAnnounced])
  }

  @Test("each kind of failure is counted by its name, with its field, and the next good frame ends the run")
  func failures() throws {
    let pipeline = pipeline()
    let bad: [(DecodeFailure.Kind, String)] = [
      (.malformedJSON, "{"), (.wrongType, Frames.text(Frames.with(Frames.trade, "t", "null"))),
      (.malformedNumber, Frames.text(Frames.with(Frames.trade, "p", #""1e5""#))),
      (.numberOutOfRange, Frames.text(Frames.with(Frames.trade, "p", #""-1""#))),
      (.missingField, Frames.text(Frames.with(Frames.trade, "p", nil))),
      (.unknownEvent, Frames.text(Frames.with(Frames.trade, "e", #""new""#))),
      (.unknownSymbol, Frames.text(Frames.with(Frames.trade, "s", #""XRPUSDT""#))),
    ]
    for (kind, frame) in bad {
      #expect(!receive(pipeline, frame))
      #expect(pipeline.lastFailure?.kind == kind)
    }
    let notUTF8: [UInt8] = [0x7B, 0xFF, 0x7D]
    #expect(!notUTF8.withUnsafeBytes { pipeline.receive($0, receivedNS: 1, publishedMS: 1) })
    pipeline.receiveBinary()
    #expect(pipeline.lastFailure == DecodeFailure(.binaryFrame, field: "frame"))
    #expect(pipeline.statistics.failuresByKind.map(\.kind) == DecodeFailure.Kind.allCases)
    #expect(pipeline.statistics.failuresByKind.allSatisfy { $0.count == 1 })
    #expect(pipeline.statistics.failuresInARow == 9)
    #expect(pipeline.statistics.received == 9)
    #expect(pipeline.statistics.processed == 0)
    #expect(receive(pipeline, Frames.text(Frames.trade)))
    #expect(pipeline.statistics.failuresInARow == 0)
    #expect(pipeline.statistics.failed == 9)
    #expect(pipeline.statistics.processed == 1)
    #expect(pipeline.statistics.messagesByName.map(\.name) == ["trade"])
    #expect(pipeline.output.count == 1)
  }

  @Test("kinds of failure are named for metrics, each once, and know their place")
  func kindNames() {
    let kinds = DecodeFailure.Kind.allCases
    #expect(
      kinds.map(\.rawValue) == [
        "malformed_json", "invalid_utf8", "binary_frame", "wrong_type", "malformed_number", "number_out_of_range",
        "missing_field", "unknown_event", "unknown_symbol",
      ])
    #expect(kinds.map(\.index) == Array(0..<kinds.count))
  }

  @Test("a snapshot body that is none is counted, thrown, and is no processed frame")
  func badSnapshots() {
    let pipeline = pipeline()
    let bodies: [(String, DecodeFailure.Kind)] = [
      ("", .malformedJSON), ("{}", .malformedJSON), ("[]", .malformedJSON), (#"{"code":-1,"msg":"x"}"#, .missingField),
      (#"{"lastUpdateId":1,"bids":[]}"#, .missingField), (#"{"lastUpdateId":"1","bids":[],"asks":[]}"#, .wrongType),
      (#"{"lastUpdateId":-1,"bids":[],"asks":[]}"#, .numberOutOfRange),
      (#"{"lastUpdateId":1,"bids":[["0","1"]],"asks":[]}"#, .numberOutOfRange),
      (#"{"lastUpdateId":1,"bids":[],"asks":[]}x"#, .malformedJSON),
      (#"{"lastUpdateId":1,"bids":[["1","0.-10000"]],"asks":[]}"#, .malformedNumber),
    ]
    for (body, kind) in bodies {
      do {
        _ = try snapshot(pipeline, body)
        Issue.record("taken: \(body)")
      } catch let failure as DecodeFailure {
        #expect(failure.kind == kind, "\(body)")
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(pipeline.statistics.failed == bodies.count)
    #expect(pipeline.statistics.failedSnapshots == bodies.count)
    #expect(pipeline.statistics.received == 0)
    #expect(pipeline.statistics.processed == 0)
    #expect(pipeline.output.count == 0)
  }

  @Test("an instrument that is no longer followed is passed over; followed again, it begins anew")
  func unfollowing() throws {
    let pipeline = pipeline()
    _ = try snapshot(pipeline, body)
    pipeline.output.removeAll()
    pipeline.unfollow(0)
    pipeline.unfollow(0)
    pipeline.unfollow(99)
    #expect(pipeline.followedPlaces == [1])
    #expect(receive(pipeline, Frames.text(Frames.trade)))
    #expect(receive(pipeline, Frames.text(Frames.depth)))
    #expect(try snapshot(pipeline, body) == .notWanted)
    #expect(pipeline.output.count == 0)
    #expect(pipeline.requests.isEmpty)
    let bitcoin = try #require(BinanceSymbols.instrument("BTCUSDT", market: .perpetual))
    #expect(pipeline.follow(bitcoin) == 0)
    #expect(pipeline.book(instrument: 0)?.lossReason == .waitingForSnapshot)
    let doge = try #require(BinanceSymbols.instrument("DOGE-USDT", market: .perpetual))
    #expect(pipeline.follow(doge) == 2)
    #expect(pipeline.follow(doge) == 2)
    #expect(pipeline.followedPlaces == [0, 1, 2])
    #expect(receive(pipeline, Frames.text(Frames.with(Frames.trade, "s", #""DOGEUSDT""#))))
    #expect(pipeline.output.count == 1)
  }

  @Test("a lost connection loses every book")
  func connectionLost() throws {
    let pipeline = pipeline()
    _ = try snapshot(pipeline, body)
    pipeline.connectionLost()
    #expect(pipeline.allBooks.allSatisfy { $0.book.lossReason == .disconnected && !$0.book.isSynchronised })
    #expect(pipeline.allBooks.map(\.instrument) == [0, 1])
  }
}
