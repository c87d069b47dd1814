import MarketData
import Recordings
import Venues

/// Frames and snapshots in memory, one behind the other, so that a round measures neither disk nor unpacking.
struct Traffic {
  /// Where one frame or snapshot stands.
  struct Item {
    var offset: Int
    var length: Int
    var receivedNS: Int64
    /// The instrument a REST snapshot belongs to; nil for a frame.
    var snapshotOf: Int?
  }

  let name: String
  let market: MarketType
  private(set) var instruments: [Instrument]
  private(set) var bytes: [UInt8] = []
  private(set) var items: [Item] = []

  /// Traffic without anything in it.
  init(name: String, market: MarketType, instruments: [Instrument] = []) {
    self.name = name
    self.market = market
    self.instruments = instruments
  }

  /// Reads a recording of Binance traffic.
  init(recording path: String, market: MarketType) throws {
    self.init(name: path, market: market)
    // A first decoder learns the symbols, so that the measured one knows them like a live session.
    let scout = BinanceFrameDecoder(market: market, instruments: [], learnsSymbols: true)
    let venue = BinanceVenue()
    let reader = try RecordingReader(path: path)
    var batch = EventBatch()
    while let line = try reader.next() {
      switch line.kind {
      case .frame where scout.isSnapshotBody(line.bytes): append(line.bytes, line.receivedNS, snapshotOf: 0)
      case .frame:
        _ = try? scout.decode(line.bytes, into: &batch)
        append(line.bytes, line.receivedNS)
      case .get(let url):
        guard let place = venue.symbol(inSnapshotURL: url).flatMap(scout.place(of:)) else { continue }
        append(line.bytes, line.receivedNS, snapshotOf: place)
      case .open, .sent: continue
      }
    }
    instruments = scout.instruments
  }

  mutating func append(_ content: UnsafeRawBufferPointer, _ receivedNS: Int64, snapshotOf place: Int? = nil) {
    items.append(Item(offset: bytes.count, length: content.count, receivedNS: receivedNS, snapshotOf: place))
    bytes.append(contentsOf: content)
  }

  /// Frames, snapshots not counted.
  var frameCount: Int { items.count { $0.snapshotOf == nil } }

  /// A decoder for this traffic.
  func decoder() -> FrameDecoder {
    BinanceVenue().decoder(market: market, instruments: instruments, learnsSymbols: false)
  }

  /// The whole way behind the socket, without delivery.
  func pipeline(encoding: Bool) -> MarketDataPipeline {
    MarketDataPipeline(
      decoder: decoder(), rule: BinanceVenue().sequenceRule(market: market), keepsBooks: true,
      publishing: encoding ? .init(subject: .current, collector: "bench") : nil)
  }

  /// Sends everything through `pipeline`, emptying its output every 64 messages as a session does at the end of a burst.
  func run(_ pipeline: MarketDataPipeline) {
    bytes.withUnsafeBytes { memory in
      for (index, item) in items.enumerated() {
        let content = UnsafeRawBufferPointer(rebasing: memory[item.offset..<(item.offset + item.length)])
        if let place = item.snapshotOf {
          _ = try? pipeline.receiveSnapshot(
            content, instrument: place, receivedNS: item.receivedNS, publishedMS: item.receivedNS / 1_000_000)
        } else {
          pipeline.receive(content, receivedNS: item.receivedNS, publishedMS: item.receivedNS / 1_000_000)
        }
        if index & 63 == 0 {
          pipeline.output.removeAll()
          pipeline.requests.removeAll(keepingCapacity: true)
        }
      }
    }
    pipeline.output.removeAll()
    pipeline.requests.removeAll(keepingCapacity: true)
  }
}
