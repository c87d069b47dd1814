import MarketData
import Recordings
import Venues

/// A recording through the same decoders and books as live data, with no network and no clock: an event's publish time
/// is its receive time.
public final class Replay {
  private let venue: any Venue
  private let market: MarketType
  private let pipeline: MarketDataPipeline
  private let output: ((EncodedEvents.View) -> Void)?
  /// A snapshot that came before the first frame said which symbol the recording is about.
  private var heldSnapshot: (body: [UInt8], receivedNS: Int64)?
  private var unusedSnapshots = 0

  /// Creates a replay.
  ///
  /// - Parameter output: gets every event as it would be published; nil to encode nothing.
  public init(venue: any Venue, market: MarketType, output: ((EncodedEvents.View) -> Void)? = nil) {
    self.venue = venue
    self.market = market
    self.output = output
    pipeline = MarketDataPipeline(
      decoder: venue.decoder(market: market, instruments: [], learnsSymbols: true),
      rule: venue.sequenceRule(market: market), keepsBooks: true,
      publishing: output == nil ? nil : .init(subject: .current, collector: "replay"))
  }

  /// Replays the file.
  ///
  /// - Throws: ``RecordingError`` when it cannot be read.
  public func run(path: String) throws(RecordingError) -> ReplaySummary {
    let reader = try RecordingReader(path: path)
    let clock = ContinuousClock()
    var spent = Duration.zero
    while try handOn(reader, clock, &spent) {}
    var summary = summary(seconds: spent)
    summary.isTruncated = reader.isTruncated
    return summary
  }

  private func handOn(
    _ reader: RecordingReader, _ clock: ContinuousClock, _ spent: inout Duration
  ) throws(RecordingError) -> Bool {
    guard let line = try reader.next() else { return false }
    let start = clock.now
    receive(line)
    emit()
    spent += start.duration(to: clock.now)
    return true
  }

  private func receive(_ line: RecordedLine) {
    switch line.kind {
    case .frame where pipeline.decoder.isSnapshotBody(line.bytes): receiveBareSnapshot(line)
    case .frame:
      pipeline.receive(line.bytes, receivedNS: line.receivedNS, publishedMS: line.receivedNS / 1_000_000)
      if heldSnapshot != nil { applyHeldSnapshot() }
    case .get(let url):
      guard let symbol = venue.symbol(inSnapshotURL: url) else { return }
      guard let place = pipeline.decoder.place(of: symbol) else {
        unusedSnapshots += 1
        return
      }
      apply(snapshot: line.bytes, place: place, receivedNS: line.receivedNS)
    case .open: pipeline.connectionLost()
    case .sent: break
    }
    pipeline.requests.removeAll(keepingCapacity: true)
  }

  private func receiveBareSnapshot(_ line: RecordedLine) {
    switch pipeline.decoder.instruments.count {
    case 0: heldSnapshot = (Array(line.bytes), line.receivedNS)
    case 1: apply(snapshot: line.bytes, place: 0, receivedNS: line.receivedNS)
    default: unusedSnapshots += 1
    }
  }

  private func applyHeldSnapshot() {
    guard let held = heldSnapshot, pipeline.decoder.instruments.count == 1 else { return }
    heldSnapshot = nil
    held.body.withUnsafeBytes { apply(snapshot: $0, place: 0, receivedNS: held.receivedNS) }
  }

  private func apply(snapshot: UnsafeRawBufferPointer, place: Int, receivedNS: Int64) {
    // A body that is no snapshot is counted as a decode failure by the pipeline.
    _ = try? pipeline.receiveSnapshot(
      snapshot, instrument: place, receivedNS: receivedNS, publishedMS: receivedNS / 1_000_000)
  }

  private func emit() {
    guard let output else { return }
    for index in 0..<pipeline.output.count {
      if let view = pipeline.output.view(at: index) { output(view) }
    }
    pipeline.output.removeAll()
  }

  private func summary(seconds: Duration) -> ReplaySummary {
    var summary = ReplaySummary()
    summary.messages = pipeline.statistics.messagesByName
    if pipeline.statistics.snapshots > 0 { summary.messages.append(("snapshot", pipeline.statistics.snapshots)) }
    summary.decodeFailures = pipeline.statistics.failuresByKind.map { ($0.kind.rawValue, $0.count) }
    for (_, book) in pipeline.allBooks {
      let statistics = book.statistics
      summary.gaps += statistics.gaps
      summary.resynchronisations += statistics.resynchronisations
      summary.checkpointsMatched += statistics.checkpointsMatched
      summary.checkpointsMismatched += statistics.checkpointsMismatched
      summary.levels += statistics.levels
      let good = book.isSynchronised
      summary.symbols.append(
        ReplaySummary.Symbol(
          symbol: book.instrument.venueSymbol, bid: good ? book.book.bestBid : nil, ask: good ? book.book.bestAsk : nil,
          bidLevels: good ? book.book.bidCount : 0, askLevels: good ? book.book.askCount : 0,
          reason: book.lossReason?.rawValue))
    }
    summary.unusedSnapshots = unusedSnapshots + (heldSnapshot == nil ? 0 : 1)
    let (whole, fraction) = seconds.components
    summary.seconds = Double(whole) + Double(fraction) * 1e-18
    return summary
  }
}
