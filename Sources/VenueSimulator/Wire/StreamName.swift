/// A stream as clients name it: `btcusdt@depth@100ms`.
package struct StreamName: Sendable, Hashable {
  /// What a stream carries.
  package enum Kind: Sendable, Hashable {
    case bookTicker
    case trade
    case aggregateTrade
    /// Diff depth with the milliseconds between messages.
    case depth(speed: Int)
    /// Anything else that has the shape of a stream name; only recordings can carry it.
    case other
  }

  /// The name as written.
  package let text: String
  /// The symbol in lower case.
  package let symbol: String
  package let kind: Kind

  /// Nil for a text that no market knows as a stream name.
  package init?(_ text: String, market: SimulatedMarket) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts.count <= 3, text.utf8.count <= 128, let symbol = parts.first, !symbol.isEmpty,
      text.utf8.allSatisfy({ Self.isPlain($0) }), symbol.lowercased() == symbol
    else { return nil }
    self.text = text
    self.symbol = String(symbol)
    let speed = parts.count == 3 ? String(parts[2]) : nil
    switch (parts[1], speed) {
    case ("bookTicker", nil): kind = .bookTicker
    case ("trade", nil): kind = .trade
    case ("aggTrade", nil): kind = .aggregateTrade
    case ("depth", nil): kind = .depth(speed: market.rules.defaultDepthSpeed)
    case ("depth", let speed?):
      guard speed.hasSuffix("ms"), let milliseconds = Int(speed.dropLast(2)),
        market.rules.depthSpeeds.contains(milliseconds)
      else { return nil }
      kind = .depth(speed: milliseconds)
    default: kind = .other
    }
  }

  /// Whether USD-M serves the stream on `/public` (books and trades) rather than `/market`.
  package var isPublicRoute: Bool {
    switch kind {
    case .bookTicker, .trade, .depth: true
    case .aggregateTrade, .other: false
    }
  }

  package var isDepth: Bool {
    if case .depth = kind { true } else { false }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "!"):
      true
    default: false
    }
  }
}

/// A message on its way to the subscribers of a stream.
package struct MarketFrame: Sendable {
  package let market: SimulatedMarket
  package let stream: String
  package let isDepth: Bool
  /// The message without the combined stream's envelope.
  package let payload: [UInt8]

  package init(market: SimulatedMarket, stream: String, isDepth: Bool, payload: [UInt8]) {
    self.market = market
    self.stream = stream
    self.isDepth = isDepth
    self.payload = payload
  }
}
