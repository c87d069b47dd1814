import FoundationEssentials
import VenueSimulator

/// A `depthUpdate` as a reader sees it.
struct DepthMessage: Decodable {
  let U: Int
  let u: Int
  let pu: Int?
  let s: String
  let b: [[String]]
  let a: [[String]]
}

struct TickerMessage: Decodable {
  let u: Int
  let s: String
  let b: String
  let B: String
  let a: String
  let A: String
}

struct TradeMessage: Decodable {
  let t: Int
  let s: String
  let p: String
  let q: String
}

struct SnapshotMessage: Decodable {
  let lastUpdateId: Int
  let bids: [[String]]
  let asks: [[String]]
}

func decode<Message: Decodable>(_ type: Message.Type, _ bytes: [UInt8]) throws -> Message {
  try JSONDecoder().decode(type, from: Data(bytes))
}

/// The simplest correct reader of Binance's depth streams: a dictionary a side, and the published rules.
struct ReaderBook {
  private(set) var lastUpdateID: Int
  private var bids: [String: String] = [:]
  private var asks: [String: String] = [:]
  private var isContinued = false
  private(set) var gaps = 0

  init(_ snapshot: SnapshotMessage) {
    lastUpdateID = snapshot.lastUpdateId
    for level in snapshot.bids { bids[level[0]] = level[1] }
    for level in snapshot.asks { asks[level[0]] = level[1] }
  }

  mutating func apply(_ message: DepthMessage) {
    guard message.u > lastUpdateID else { return }
    let fits: Bool
    if let previous = message.pu {
      fits = previous == lastUpdateID || (!isContinued && message.U <= lastUpdateID)
    } else {
      fits = isContinued ? message.U == lastUpdateID + 1 : message.U <= lastUpdateID + 1
    }
    if !fits { gaps += 1 }
    isContinued = true
    for level in message.b { bids[level[0]] = level[1] == Self.zero(level[1]) ? nil : level[1] }
    for level in message.a { asks[level[0]] = level[1] == Self.zero(level[1]) ? nil : level[1] }
    lastUpdateID = message.u
  }

  private static func zero(_ text: String) -> String { String(text.map { $0 == "." ? "." : "0" }) }

  func side(_ side: Side) -> [TrueBook.Level] {
    let levels = (side == .bid ? bids : asks).map { (Double($0.key) ?? 0, $0) }
    return levels.sorted { side == .bid ? $0.0 > $1.0 : $0.0 < $1.0 }
      .map { TrueBook.Level(price: $0.1.key, quantity: $0.1.value) }
  }

  func matches(_ ticker: TickerMessage) -> Bool {
    side(.bid).first == TrueBook.Level(price: ticker.b, quantity: ticker.B)
      && side(.ask).first == TrueBook.Level(price: ticker.a, quantity: ticker.A)
  }
}
