/// A line of a recording: `<receive time, ns> <frame>`, `<ns> GET <url> <body>`, and others that are not served.
package struct RecordingLine: Sendable {
  /// What a line holds.
  package enum Content: Sendable {
    /// A combined-stream message: the stream's name and the message in its envelope.
    case frame(stream: String, payload: [UInt8])
    /// The body of a REST depth snapshot; the symbol is unknown when only the body was recorded.
    case snapshot(symbol: String?, body: [UInt8])
    /// `OPEN`, `SEND` and other requests.
    case note
  }

  /// Nanoseconds since 1970.
  package let time: Int
  package let content: Content
  /// The market, where the line's shape tells it.
  package let market: SimulatedMarket?

  /// Nil for a line in none of the known shapes.
  package init?(_ line: ArraySlice<UInt8>) {
    var scanner = ByteScanner(line.last == 0x0D ? line.dropLast() : line)
    guard let time = scanner.number(), scanner.skip(" ") else { return nil }
    self.time = time
    if scanner.skip("GET ") {
      guard let url = scanner.take(until: 0x20) else { return nil }
      let text = String(decoding: url, as: UTF8.self)
      guard text.contains("/depth?"), let symbol = RequestTarget(text).query["symbol"] else {
        content = .note
        market = nil
        return
      }
      content = .snapshot(symbol: symbol, body: Array(scanner.rest))
      market = text.contains("/fapi/") ? .usdm : .spot
      return
    }
    if scanner.skip("OPEN ") {
      content = .note
      let url = String(decoding: scanner.rest.prefix(64), as: UTF8.self)
      market = url.contains("fstream.binance") ? .usdm : url.contains("stream.binance") ? .spot : nil
      return
    }
    if scanner.skip("SEND ") {
      content = .note
      market = nil
      return
    }
    let body = scanner.rest
    if scanner.skip("{\"lastUpdateId\":") {
      content = .snapshot(symbol: nil, body: Array(body))
      _ = scanner.number()
      market = scanner.skip(",\"E\":") ? .usdm : .spot
      return
    }
    guard scanner.skip("{\"stream\":\""), let stream = scanner.take(until: 0x22), scanner.skip(",\"data\":"),
      let last = body.last, last == 0x7D
    else { return nil }
    let payload = scanner.rest.dropLast()
    content = .frame(stream: String(decoding: stream, as: UTF8.self), payload: Array(payload))
    market = Self.market(ofPayload: payload)
  }

  /// USD-M's messages have fields that spot's lack.
  private static func market(ofPayload payload: ArraySlice<UInt8>) -> SimulatedMarket? {
    var scanner = ByteScanner(payload)
    if scanner.skip("{\"u\":") { return .spot }
    if scanner.skip("{\"e\":\"bookTicker\"") { return .usdm }
    if scanner.skip("{\"e\":\"depthUpdate\"") { return scanner.find("\"pu\":") ? .usdm : .spot }
    if scanner.skip("{\"e\":\"trade\"") || scanner.skip("{\"e\":\"aggTrade\"") {
      return scanner.find("\"M\":") ? .spot : .usdm
    }
    return nil
  }
}
