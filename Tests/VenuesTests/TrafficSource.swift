import MarketData
import Recordings
import TestSupport
import Testing
import Venues

/// Where the frames come from that the mutation test damages.
enum TrafficSource: Sendable, CustomTestStringConvertible {
  case recording(String, MarketType)
  case generated(MarketType)

  /// Real traffic where it is at hand; generated traffic always.
  static var all: [TrafficSource] {
    let generated: [TrafficSource] = [.generated(.spot), .generated(.perpetual)]
    guard Captures.areHere else {
      print("LOUDLY: no recordings here, the mutation test damages generated frames only.")
      return generated
    }
    return [
      .recording("binance-usdm-btcusdt-20240808.gz", .perpetual), .recording("binance-spot-btcusdt-20240808.gz", .spot),
      .recording("binance-usdm-20210722.gz", .perpetual), .recording("binance-spot-20211025.gz", .spot),
    ] + generated
  }

  var market: MarketType {
    switch self {
    case .recording(_, let market), .generated(let market): market
    }
  }

  var testDescription: String {
    switch self {
    case .recording(let name, _): name
    case .generated(let market): "generated \(market.rawValue)"
    }
  }

  /// The first frames, and the bodies of snapshots among them; long frames are left out but for a few.
  func load(_ count: Int) throws -> (frames: [[UInt8]], snapshots: [[UInt8]]) {
    guard case .recording(let name, _) = self, let path = Captures.path(name) else {
      return (GeneratedTraffic.frames(market: market, count: count), [GeneratedTraffic.snapshot(id: 5)])
    }
    let reader = try RecordingReader(path: path)
    var frames: [[UInt8]] = []
    var snapshots: [[UInt8]] = []
    var long = 0
    while frames.count < count, let line = try reader.next() {
      let bytes = Array(line.bytes)
      switch line.kind {
      case .get: snapshots.append(bytes)
      case .frame where bytes.starts(with: Array("{\"lastUpdateId\"".utf8)): snapshots.append(bytes)
      case .frame:
        if bytes.count > 2_048 { long += 1 }
        if bytes.count <= 2_048 || long % 16 == 0 { frames.append(bytes) }
      case .open, .sent: break
      }
    }
    return (frames, snapshots)
  }
}

/// A small order flow in Binance's wire formats.
enum GeneratedTraffic {
  static func frames(market: MarketType, count: Int) -> [[UInt8]] {
    var random = Seeded(11)
    var last: Int64 = 1_000
    return (0..<count).map { index in
      let fields: Frames.Fields
      switch index % 3 {
      case 0:
        let first = last + 1
        let previous = last
        last += Int64(1 + random.below(9))
        var depth = market == .spot ? Frames.spotDepth : Frames.depth
        depth = Frames.with(depth, "U", "\(first)")
        depth = Frames.with(Frames.with(depth, "u", "\(last)"), "pu", "\(previous)")
        depth = Frames.with(depth, "b", levels(&random, from: 990))
        fields = Frames.with(depth, "a", levels(&random, from: 1_010))
      case 1: fields = Frames.with(market == .spot ? Frames.spotTrade : Frames.trade, "t", "\(index)")
      default: fields = Frames.with(market == .spot ? Frames.spotTicker : Frames.ticker, "u", "\(last)")
      }
      return Array((random.below(4) == 0 ? Frames.text(fields) : Frames.combined(fields)).utf8)
    }
  }

  private static func levels(_ random: inout Seeded, from price: Int) -> String {
    let levels = (0..<random.below(6)).map { _ in
      "[\"\(price + random.below(10)).\(random.digits(2))\",\"\(random.below(4)).5\"]"
    }
    return "[\(levels.joined(separator: ","))]"
  }

  /// A snapshot with one level a side, far from each other.
  static func snapshot(id: Int64) -> [UInt8] {
    Array("{\"lastUpdateId\":\(id),\"bids\":[[\"0.01000000\",\"1\"]],\"asks\":[[\"9999999.0\",\"1\"]]}".utf8)
  }
}
