import Glibc
import Testing
import VenueSimulator

@Suite("Recordings", .serialized)
struct RecordingTests {
  /// Writes a recording of a generated market and returns its lines.
  private func generatedRecording(path: String, ticks: Int) throws -> [String] {
    let (before, frames, _) = try GeneratedMarketTests.run(.usdm, ticks: ticks, orders: 40)
    let body = String(decoding: try #require(before["BTCUSDT"]), as: UTF8.self)
    var lines: [String] = []
    for (index, frame) in frames.enumerated() where frame.stream.hasPrefix("btcusdt") {
      lines.append(
        "\(1_700_000_000_000_000_000 + index) {\"stream\":\"\(frame.stream)\",\"data\":"
          + String(decoding: frame.payload, as: UTF8.self) + "}")
      if lines.count == 5 { lines.append("1700000000000000001 \(body)") }
    }
    let file = try #require(fopen(path, "w"))
    fputs(lines.joined(separator: "\n") + "\n", file)
    fclose(file)
    return lines
  }

  private func temporaryPath() -> String { "/tmp/simulator-recording-\(getpid())-\(UInt32.random(in: 0...UInt32.max))" }

  /// Reads a whole recording at maximum speed and returns the messages and the snapshot's body.
  private func serve(
    _ path: String, stream: String, depth: String, frames expected: Int, faults: [Fault] = []
  ) async throws -> (frames: [[UInt8]], snapshot: [UInt8], truth: TrueBook?) {
    var frames: [[UInt8]] = []
    var snapshot: [UInt8] = []
    var truth: TrueBook?
    let source = RecordingSource(path: path, speed: .max)
    try await withSimulator(SimulatorConfiguration(recording: source, faults: faults)) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: stream)
      let answer = try SocketClient.get(port: endpoints.port, depth)
      #expect(answer.head.hasPrefix("HTTP/1.1 200"))
      snapshot = answer.body
      while frames.count < expected {
        guard case .frame(let frame) = client.next(seconds: 10) else { break }
        if frame.opcode == 1 { frames.append(frame.payload) }
      }
      #expect(try await eventually { simulator.statistics.recording == .finished })
      #expect(simulator.statistics.unreadableLines == 0)
      #expect(simulator.statistics.slowReadersClosed == 0)
      truth = simulator.truth(market: stream.hasPrefix("/spot") ? .spot : .usdm, symbol: "BTCUSDT")
    }
    return (frames, snapshot, truth)
  }

  @Test("a recording is served whole and in order at maximum speed, its snapshot in its place")
  func wholeAndInOrder() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let lines = try generatedRecording(path: path, ticks: 2000)
    let messages = lines.filter { $0.contains("\"stream\"") }.map { Array($0.utf8.dropFirst(20)) }
    #expect(messages.count > 10_000)
    let served = try await serve(
      path, stream: "/usdm/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade/btcusdt@aggTrade",
      depth: "/usdm/fapi/v1/depth?symbol=BTCUSDT&limit=1000", frames: messages.count)
    #expect(served.frames == messages)
    let body = try #require(lines.first { $0.contains("lastUpdateId") })
    #expect(served.snapshot == Array(body.utf8.dropFirst(20)))
  }

  @Test("without a request the stream goes on after the hold, and a later snapshot fits the stream")
  func lateSnapshot() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    _ = try generatedRecording(path: path, ticks: 500)
    var source = RecordingSource(path: path, speed: .max)
    source.snapshotHold = .milliseconds(300)
    try await withSimulator(SimulatorConfiguration(recording: source)) { simulator, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/usdm/public/stream?streams=btcusdt@depth@0ms")
      #expect(try await eventually { simulator.statistics.recording == .finished })
      // Any speed of depth is answered by the one recorded, under the name that was asked for.
      let frame = try #require(client.frames { $0.opcode == 1 }.first)
      #expect(split(frame)?.stream == "btcusdt@depth@0ms")
      let body = try SocketClient.get(port: endpoints.port, "/usdm/fapi/v1/depth?symbol=BTCUSDT&limit=1000").body
      let snapshot = try decode(SnapshotMessage.self, body)
      let truth = try #require(simulator.truth(market: .usdm, symbol: "BTCUSDT"))
      #expect(snapshot.lastUpdateId == truth.lastUpdateID)
      #expect(snapshot.bids.first == truth.bids.first.map { [$0.price, $0.quantity] })
      let unknown = try SocketClient.get(port: endpoints.port, "/usdm/fapi/v1/depth?symbol=NOSUCH&limit=5")
      #expect(String(decoding: unknown.body, as: UTF8.self).contains("-1121"))
    }
  }

  @Test("the recorded pace is kept, faster by the speed")
  func pace() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let ticker = "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":1,\"s\":\"BTCUSDT\"}}"
    let file = try #require(fopen(path, "w"))
    for second in 0..<4 { fputs("\(1_700_000_000_000_000_000 + second * 1_000_000_000) \(ticker)\n", file) }
    fclose(file)
    let source = RecordingSource(path: path, speed: .multiple(10), settleTime: .milliseconds(10))
    try await withSimulator(SimulatorConfiguration(recording: source)) { _, endpoints in
      let client = try SocketClient(port: endpoints.port, stream: "/spot/stream?streams=btcusdt@bookTicker")
      try client.frames { $0.opcode == 1 }
      let start = ContinuousClock.now
      for _ in 0..<3 { try client.frames { $0.opcode == 1 } }
      #expect(ContinuousClock.now - start > .milliseconds(250))
    }
  }

  @Test("a missing, foreign or damaged file is a clear error")
  func wrongFiles() async throws {
    let path = temporaryPath()
    defer { unlink(path) }
    let file = try #require(fopen(path, "w"))
    fputs("hello\nworld\n", file)
    fclose(file)
    for (path, reason) in [("/nonexistent.gz", "cannot be opened"), (path, "is not a recording of Binance")] {
      let error = await #expect(throws: GzipLineReader.Failure.self) {
        try await withSimulator(SimulatorConfiguration(recording: RecordingSource(path: path))) { _, _ in }
      }
      #expect(error?.description.contains("\(path): \(reason)") == true)
    }
  }

  static let captures = "../shared/captures"

  @Test(
    "the real recordings are served whole, and end in the book they are known to end in",
    .enabled(if: access(captures, R_OK) == 0, "no recordings in \(captures)"),
    arguments: [
      ("binance-usdm-btcusdt-20240808.gz", "/usdm/public/stream", "depth@0ms", "/usdm/fapi/v1/depth"),
      ("binance-spot-btcusdt-20240808.gz", "/spot/stream", "depth@100ms", "/spot/api/v3/depth"),
    ])
  func realRecordings(file: String, stream: String, depth: String, rest: String) async throws {
    let path = "\(Self.captures)/\(file)"
    let reader = try GzipLineReader(path: path)
    var messages: [[UInt8]] = []
    var snapshot: [UInt8] = []
    while let line = try reader.next() {
      let body = Array(line.dropFirst(20))
      if body.starts(with: Array("{\"last".utf8)) { snapshot = body } else { messages.append(body) }
    }
    let served = try await serve(
      path, stream: "\(stream)?streams=btcusdt@\(depth)/btcusdt@bookTicker/btcusdt@trade",
      depth: "\(rest)?symbol=BTCUSDT&limit=1000", frames: messages.count)
    #expect(served.frames.count == messages.count)
    #expect(served.frames == messages)
    #expect(served.snapshot == snapshot)
    let truth = try #require(served.truth)
    if file.contains("usdm") {
      #expect(truth.bids.first == TrueBook.Level(price: "61659.70", quantity: "1.486"))
      #expect(truth.asks.first == TrueBook.Level(price: "61659.80", quantity: "0.981"))
      #expect(truth.bids.count == 5018)
      #expect(truth.asks.count == 4578)
    }
  }

  @Test(
    "several symbols of one recording each get their snapshot where it fits their stream",
    .enabled(if: access(captures, R_OK) == 0, "no recordings in \(captures)"))
  func severalSymbols() async throws {
    let symbols = ["SUSHIUSDT", "AKROUSDT", "KEEPUSDT", "CTKUSDT"]
    let source = RecordingSource(path: "\(Self.captures)/binance-usdm-20210722.gz", speed: .max)
    try await withSimulator(SimulatorConfiguration(recording: source)) { simulator, endpoints in
      let streams = symbols.map { $0.lowercased() + "@depth@100ms" }.joined(separator: "/")
      let client = try SocketClient(port: endpoints.port, stream: "/usdm/public/stream?streams=\(streams)")
      var books: [String: ReaderBook] = [:]
      for symbol in symbols {
        let path = "/usdm/fapi/v1/depth?symbol=\(symbol)&limit=1000"
        let body = try SocketClient.get(port: endpoints.port, path).body
        books[symbol] = ReaderBook(try decode(SnapshotMessage.self, body))
      }
      #expect(try await eventually { simulator.statistics.recording == .finished })
      while case .frame(let frame) = client.next(seconds: 0.5) {
        guard frame.opcode == 1, let (_, payload) = split(frame) else { continue }
        let message = try decode(DepthMessage.self, payload)
        books[message.s]?.apply(message)
      }
      for symbol in symbols {
        let truth = try #require(simulator.truth(market: .usdm, symbol: symbol))
        #expect(books[symbol]?.lastUpdateID == truth.lastUpdateID)
        #expect(books[symbol]?.gaps == 0)
        #expect(books[symbol]?.side(.bid) == truth.bids)
        #expect(books[symbol]?.side(.ask) == truth.asks)
      }
    }
  }
}
