import MarketData
import Testing
import Venues

/// What one frame became, copied out of the batch.
struct Decoded: Equatable {
  var kind: FrameKind
  var events: [MarketEvent]
  var instruments: [Int]
  var levels: [BookLevel]

  func bids(_ header: DepthHeader) -> [String] { Self.texts(levels[header.bids]) }
  func asks(_ header: DepthHeader) -> [String] { Self.texts(levels[header.asks]) }

  static func texts(_ levels: some Sequence<BookLevel>) -> [String] { levels.map { "\($0.price)x\($0.quantity)" } }
}

/// Decodes frames of one market, for BTCUSDT and ETHUSDT.
func decode(
  _ frame: some Sequence<UInt8>, market: MarketType = .perpetual, learnsSymbols: Bool = false
) throws(DecodeFailure) -> Decoded {
  let decoder = BinanceFrameDecoder(
    market: market,
    instruments: ["BTCUSDT", "ETHUSDT"].compactMap { BinanceSymbols.instrument($0, market: market) },
    learnsSymbols: learnsSymbols)
  return try decode(frame, with: decoder)
}

/// Decodes a frame with a decoder in use.
func decode(_ frame: some Sequence<UInt8>, with decoder: FrameDecoder) throws(DecodeFailure) -> Decoded {
  let bytes = Array(frame)
  let result = bytes.withUnsafeBytes { (buffer) -> Result<Decoded, DecodeFailure> in
    var batch = EventBatch()
    do throws(DecodeFailure) {
      let kind = try decoder.decode(buffer, into: &batch)
      let decoded = Decoded(
        kind: kind, events: batch.entries.map(\.event), instruments: batch.entries.map(\.instrument),
        levels: Array(batch.levels.levels))
      return .success(decoded)
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}

/// The failure of a frame; a test failure when it is decoded.
func failure(
  _ frame: String, market: MarketType = .perpetual, sourceLocation: SourceLocation = #_sourceLocation
) -> DecodeFailure? {
  do throws(DecodeFailure) {
    let decoded = try decode(frame.utf8, market: market)
    Issue.record("decoded: \(decoded) from \(frame)", sourceLocation: sourceLocation)
    return nil
  } catch {
    return error
  }
}

/// Frames written for these tests, each as its fields, so that order and presence can be played with.
enum Frames {
  typealias Fields = [(key: String, value: String)]

  static let depth: Fields = [
    ("e", #""depthUpdate""#), ("E", "1700000000123"), ("T", "1700000000120"), ("s", #""BTCUSDT""#), ("U", "157"),
    ("u", "160"), ("pu", "149"), ("b", #"[["100.10","1.500"],["99.00","0"]]"#), ("a", #"[["100.20","3.25"]]"#),
  ]
  static let spotDepth: Fields = depth.filter { $0.key != "pu" && $0.key != "T" }
  static let trade: Fields = [
    ("e", #""trade""#), ("E", "1700000000223"), ("T", "1700000000220"), ("s", #""BTCUSDT""#), ("t", "42"),
    ("p", #""100.15""#), ("q", #""0.010""#), ("X", #""MARKET""#), ("m", "true"),
  ]
  static let spotTrade: Fields = trade.filter { $0.key != "X" } + [("M", "true")]
  static let ticker: Fields = [
    ("e", #""bookTicker""#), ("u", "160"), ("E", "1700000000323"), ("T", "1700000000320"), ("s", #""ETHUSDT""#),
    ("b", #""100.10""#), ("B", #""1.5""#), ("a", #""100.20""#), ("A", #""3.25""#),
  ]
  static let spotTicker: Fields = ticker.filter { !["e", "E", "T"].contains($0.key) }

  /// The raw frame.
  static func text(_ fields: Fields, blank: String = "") -> String {
    "{" + fields.map { "\(blank)\"\($0.key)\"\(blank):\(blank)\($0.value)\(blank)" }.joined(separator: ",") + "}"
  }

  /// The frame as it comes on a combined stream.
  static func combined(_ fields: Fields) -> String { #"{"stream":"x@y","data":\#(text(fields))}"# }

  /// The fields with one of them changed; nil takes it away.
  static func with(_ fields: Fields, _ key: String, _ value: String?) -> Fields {
    fields.compactMap { field in
      field.key == key ? value.map { (key: key, value: $0) } : field
    }
  }
}
