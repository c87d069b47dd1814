import MarketData
import TestSupport
import Testing
import Venues

/// More than a million damaged frames through decoder and pipeline. Nothing may trap or hang, nothing may be read
/// beyond a frame's last byte, and every frame is either decoded or counted.
@Suite("Damaged traffic")
struct MutationTests {
  private static let sources = TrafficSource.all
  private static let total = 1_020_000

  @Test("a million damaged frames are each decoded or counted, and no wrong book is shown as good", arguments: sources)
  func damagedFrames(source: TrafficSource) throws {
    let run = try DamagedRun(source: source, seed: 20_240_808)
    let count = Self.total / Self.sources.count
    while run.damaged < count { run.step() }
    let statistics = run.pipeline.statistics
    #expect(run.disagreements == 0)
    #expect(run.shownCrossed == 0)
    #expect(run.slowest < .seconds(5))
    #expect(statistics.received == run.fed)
    #expect(statistics.processed + statistics.failed == statistics.received + run.failedSnapshots)
    #expect(statistics.failed == statistics.failuresByKind.reduce(0) { $0 + $1.count })
    // The damage must be neither so small nor so great that nothing is tested.
    #expect(statistics.failed > count / 4)
    #expect(statistics.processed > count / 4)
    let kinds = Set(statistics.failuresByKind.map(\.kind))
    #expect(kinds == Set(DecodeFailure.Kind.allCases).subtracting([.binaryFrame]))
    let books = run.pipeline.allBooks.map(\.book.statistics)
    #expect(books.reduce(0) { $0 + $1.applied } > 0)
    #expect(books.reduce(0) { $0 + $1.gaps } > 0)
    #expect(books.reduce(0) { $0 + $1.resynchronisations } > 0)
    #expect(run.learner.instruments.count <= 4_096)
  }

  @Test("damaged snapshots are each decoded or counted", arguments: sources)
  func damagedSnapshots(source: TrafficSource) throws {
    let bodies = try source.load(2_000).snapshots
    #expect(!bodies.isEmpty)
    let decoder = BinanceFrameDecoder(market: source.market, instruments: [])
    let guarded = try GuardedBytes(capacity: 1 << 20)
    var mutator = Mutator(random: Seeded(3))
    var damaged: [UInt8] = []
    var outcomes = (decoded: 0, failed: 0)
    for body in bodies {
      for _ in 0..<400 {
        mutator.mutate(body, with: body, into: &damaged)
        var levels = LevelBuffer()
        do throws(DecodeFailure) {
          let header = try decoder.decodeSnapshot(guarded.place(damaged), levels: &levels)
          #expect(header.bids.upperBound <= levels.count && header.asks.upperBound <= levels.count)
          outcomes.decoded += 1
        } catch {
          outcomes.failed += 1
        }
      }
    }
    #expect(outcomes.decoded + outcomes.failed == bodies.count * 400)
    #expect(outcomes.decoded > 0 && outcomes.failed > 0)
  }
}

/// One run over one source: damaged frames, with sound ones and snapshots among them so that books come and go.
private final class DamagedRun {
  let pipeline: MarketDataPipeline
  /// A decoder as replays use it, which learns symbols; it sees a part of the frames.
  let learner: BinanceFrameDecoder
  private(set) var damaged = 0
  private(set) var fed = 0
  private(set) var failedSnapshots = 0
  private(set) var disagreements = 0
  private(set) var shownCrossed = 0
  private(set) var slowest = Duration.zero

  private let frames: [[UInt8]]
  private let decoder: BinanceFrameDecoder
  private let guarded: GuardedBytes
  private var mutator: Mutator
  private var scratch: [UInt8] = []
  private var batch = EventBatch()
  private var next = 0
  private var lastIDs: [Int64]

  init(source: TrafficSource, seed: UInt64) throws {
    let market = source.market
    frames = try source.load(12_000).frames
    let instruments = try Self.instruments(frames, market)
    decoder = BinanceFrameDecoder(market: market, instruments: instruments)
    learner = BinanceFrameDecoder(market: market, instruments: [], learnsSymbols: true)
    pipeline = MarketDataPipeline(
      decoder: BinanceFrameDecoder(market: market, instruments: instruments),
      rule: BinanceVenue().sequenceRule(market: market), keepsBooks: true,
      publishing: .init(subject: .current, collector: "test"))
    guarded = try GuardedBytes(capacity: 1 << 20)
    mutator = Mutator(random: Seeded(seed))
    lastIDs = Array(repeating: 0, count: instruments.count)
  }

  private static func instruments(_ frames: [[UInt8]], _ market: MarketType) throws -> [Instrument] {
    let decoder = BinanceFrameDecoder(market: market, instruments: [], learnsSymbols: true)
    var batch = EventBatch()
    for frame in frames { _ = try frame.withUnsafeBytes { try decoder.decode($0, into: &batch) } }
    return decoder.instruments
  }

  /// One damaged frame, half of the time the sound one behind it, and now and then a snapshot that was asked for.
  func step() {
    let frame = frames[next]
    mutator.mutate(frame, with: frames[mutator.random.below(frames.count)], into: &scratch)
    let clock = ContinuousClock()
    let spent = clock.measure { feed(guarded.place(scratch)) }
    slowest = max(slowest, spent)
    damaged += 1
    if damaged % 8 == 0 { _ = try? learner.decode(guarded.place(scratch), into: &batch) }
    if mutator.random.below(2) == 0 { feed(guarded.place(frame)) }
    if damaged % 64 == 0 { answerSnapshots() }
    next = (next + 1) % frames.count
  }

  private func feed(_ bytes: UnsafeRawBufferPointer) {
    let isGood = decodes(bytes)
    let wasReceived = pipeline.receive(bytes, receivedNS: Int64(fed), publishedMS: 0)
    if isGood != wasReceived { disagreements += 1 }
    fed += 1
    pipeline.output.removeAll()
  }

  private func decodes(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard (try? decoder.decode(bytes, into: &batch)) != nil else { return false }
    for entry in batch.entries {
      guard case .depth(let header) = entry.event, lastIDs.indices.contains(entry.instrument) else { continue }
      lastIDs[entry.instrument] = header.lastUpdateID
    }
    return true
  }

  private func answerSnapshots() {
    let wanted = Set(pipeline.requests.compactMap { if case .snapshot(let place) = $0 { place } else { nil } })
    pipeline.requests.removeAll(keepingCapacity: true)
    for place in wanted.sorted() where lastIDs.indices.contains(place) {
      let body = GeneratedTraffic.snapshot(id: lastIDs[place])
      if mutator.random.below(4) == 0 { mutator.mutate(body, with: body, into: &scratch) } else { scratch = body }
      let outcome = try? pipeline.receiveSnapshot(
        guarded.place(scratch), instrument: place, receivedNS: Int64(fed), publishedMS: 0)
      if outcome == nil { failedSnapshots += 1 }
    }
    for (_, book) in pipeline.allBooks where book.isSynchronised && book.book.isCrossed { shownCrossed += 1 }
  }
}
