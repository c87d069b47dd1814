import AdminProtocol
import MarketData
import Venues

/// What a replay found.
public struct ReplaySummary: Sendable {
  /// The book of one symbol at the end.
  public struct Symbol: Sendable {
    /// The exchange's spelling.
    public var symbol: String
    /// The best bid; nil when the book is empty or not synchronised.
    public var bid: BookLevel?
    /// The best ask; nil when the book is empty or not synchronised.
    public var ask: BookLevel?
    /// Bid levels; 0 when the book is not synchronised.
    public var bidLevels: Int
    /// Ask levels; 0 when the book is not synchronised.
    public var askLevels: Int
    /// Why the book is not synchronised at the end; nil when it is.
    public var reason: String?
  }

  /// Messages by type, in a fixed order.
  public var messages: [(name: String, count: Int)] = []
  /// Changes that did not continue the one before.
  public var gaps = 0
  /// Books synchronised again after having been before.
  public var resynchronisations = 0
  /// Frames that could not be decoded, by kind.
  public var decodeFailures: [(kind: String, count: Int)] = []
  /// Comparisons of the book with the exchange's best prices that held.
  public var checkpointsMatched = 0
  /// Comparisons that did not hold.
  public var checkpointsMismatched = 0
  /// The books at the end, by symbol.
  public var symbols: [Symbol] = []
  /// Price levels applied.
  public var levels = 0
  /// Seconds spent in decoding, books and encoding; reading and unpacking the file is not in it.
  public var seconds = 0.0
  /// Snapshots in the recording that belong to no known symbol.
  public var unusedSnapshots = 0
  /// Whether the file broke off in the middle.
  public var isTruncated = false

  /// All messages.
  public var messageCount: Int { messages.reduce(0) { $0 + $1.count } }
  /// Messages a second.
  public var messagesPerSecond: Int { seconds > 0 ? Int(Double(messageCount) / seconds) : 0 }
  /// Price levels a second.
  public var levelsPerSecond: Int { seconds > 0 ? Int(Double(levels) / seconds) : 0 }

  /// One JSON object; decimals are strings.
  public var json: JSONValue {
    func counts(_ rows: [(name: String, count: Int)]) -> JSONValue {
      .object(rows.map { ($0.name, .int(Int64($0.count))) })
    }
    func level(_ level: BookLevel?) -> JSONValue {
      level.map { .array([.string($0.price.description), .string($0.quantity.description)]) } ?? .null
    }
    return [
      "messages": counts(messages), "gaps": .int(Int64(gaps)), "resyncs": .int(Int64(resynchronisations)),
      "decode_failures": counts(decodeFailures.map { ($0.kind, $0.count) }),
      "checkpoints": [
        "matched": .int(Int64(checkpointsMatched)), "mismatched": .int(Int64(checkpointsMismatched)),
      ],
      // The venues spoken so far send no checksums.
      "checksums": ["matched": 0, "mismatched": 0],
      "symbols": .object(
        symbols.map { row in
          (
            row.symbol,
            [
              "bid": level(row.bid), "ask": level(row.ask), "bid_levels": .int(Int64(row.bidLevels)),
              "ask_levels": .int(Int64(row.askLevels)),
            ]
          )
        }),
      "messages_per_second": .int(Int64(messagesPerSecond)),
    ]
  }

  /// Lines for people.
  public var text: String {
    var lines = ["messages        \(messageCount)"]
    lines += messages.map { "  \($0.name.padded(to: 22))\($0.count)" }
    lines.append("gaps            \(gaps)")
    lines.append("resyncs         \(resynchronisations)")
    lines.append("decode failures \(decodeFailures.reduce(0) { $0 + $1.count })")
    lines += decodeFailures.map { "  \($0.kind.padded(to: 22))\($0.count)" }
    lines.append("checkpoints     \(checkpointsMatched) matched, \(checkpointsMismatched) mismatched")
    lines.append("symbols         \(symbols.count)")
    lines += symbols.map { row in
      let name = "  \(row.symbol.padded(to: 22))"
      if let reason = row.reason { return name + "not synchronised: \(reason)" }
      func side(_ level: BookLevel?) -> String { level.map { "\($0.price) × \($0.quantity)" } ?? "empty" }
      return name + "\(side(row.bid)) / \(side(row.ask)), \(row.bidLevels) bids, \(row.askLevels) asks"
    }
    if unusedSnapshots > 0 { lines.append("snapshots that belong to no known symbol: \(unusedSnapshots)") }
    if isTruncated { lines.append("the recording breaks off; what is whole was replayed") }
    lines.append("speed           \(messagesPerSecond) messages/s, \(levelsPerSecond) levels/s")
    return lines.joined(separator: "\n")
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
