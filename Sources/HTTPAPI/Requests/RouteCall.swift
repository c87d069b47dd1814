import AdminProtocol
import MarketData

/// What a route's handler gets: the values of the path and the query.
struct RouteCall: Sendable {
  /// The values of the path's `{…}` by name.
  var parameters: [String: String]
  /// The values of the query by name; only names that the route declares.
  var query: [String: String]

  /// The exchange in the path.
  var exchange: String { parameters["exchange"] ?? "" }
  /// The symbol in the path.
  var symbol: String { parameters["symbol"] ?? "" }

  /// The levels a side asked for.
  static let depths = 1...5000

  /// `?market=`, nil when it is left out.
  func market() throws(ProtocolError) -> MarketType? {
    guard let text = query["market"] else { return nil }
    if let market = MarketType(rawValue: text) { return market }
    throw refusal("market", text, allowed: MarketType.allCases.map(\.rawValue).joined(separator: ", "))
  }

  /// `?depth=`, `usual` when it is left out.
  func depth(usual: Int) throws(ProtocolError) -> Int {
    guard let text = query["depth"] else { return usual }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let depth = Int(text),
      Self.depths.contains(depth)
    {
      return depth
    }
    throw refusal("depth", text, allowed: "\(Self.depths.lowerBound) to \(Self.depths.upperBound)")
  }

  /// `?format=`, enhanced when it is left out.
  func format() throws(ProtocolError) -> BookFormat {
    guard let text = query["format"] else { return .enhanced }
    if let format = BookFormat(rawValue: text) { return format }
    throw refusal("format", text, allowed: BookFormat.allCases.map(\.rawValue).joined(separator: ", "))
  }

  private func refusal(_ name: String, _ value: String, allowed: String) -> ProtocolError {
    ProtocolError(
      .badArgument, "\(name) must be \(name == "depth" ? "" : "one of ")\(allowed), got \(quoted(value))",
      fields: [ReplyField("parameter", name), ReplyField("value", clipped(value)), ReplyField("allowed", allowed)])
  }
}
