import MarketData
import Recordings
import Venues

/// What a recording of Binance traffic is about: its market and symbols, from its first lines.
public struct RecordingProbe: Sendable {
  /// Lines that are looked at.
  static let lines = 5_000

  /// Spot, or perpetual when a change names the one before it.
  public let market: MarketType
  /// The symbols, in the exchange's spelling.
  public let symbols: [String]

  /// Looks at the recording's first lines.
  ///
  /// - Throws: ``RecordingError`` when it cannot be read or no market data is in it.
  public init(path: String) throws(RecordingError) {
    let reader = try RecordingReader(path: path)
    // Spot's rules leave out nothing that USD-M's messages have.
    let decoder = BinanceVenue().decoder(market: .spot, instruments: [], learnsSymbols: true)
    var batch = EventBatch()
    var isPerpetual = false
    while reader.lineNumber < Self.lines, let line = try reader.next() {
      switch line.kind {
      case .open(let url): isPerpetual = isPerpetual || url.contains("fstream")
      case .frame where !decoder.isSnapshotBody(line.bytes):
        guard (try? decoder.decode(line.bytes, into: &batch)) != nil else { continue }
        for entry in batch.entries {
          if case .depth(let change) = entry.event, change.previousUpdateID != nil { isPerpetual = true }
        }
      default: break
      }
    }
    guard !decoder.instruments.isEmpty else {
      throw RecordingError(path: path, line: 0, reason: "no Binance market data in its first \(Self.lines) lines")
    }
    market = isPerpetual ? .perpetual : .spot
    symbols = decoder.instruments.map(\.venueSymbol)
  }
}
