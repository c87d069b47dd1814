/// What this build can collect, as the caller knows it from its venues.
public struct SupportedVenues: Sendable {
  let table: [(exchange: String, marketType: String, dataTypes: [String])]

  /// - Parameter table: one row for every market of an exchange, with the data types that can be collected there
  public init(_ table: [(exchange: String, marketType: String, dataTypes: [String])]) {
    self.table = table
  }

  /// The data types of a market; nothing when the market is not supported at all.
  func dataTypes(exchange: String, marketType: String) -> [String]? {
    let rows = table.filter { $0.exchange == exchange && $0.marketType == marketType }
    return rows.isEmpty ? nil : rows.flatMap(\.dataTypes)
  }

  /// `binance spot, binance perpetual`, for messages.
  var markets: String {
    table.isEmpty ? "none" : table.map { "\($0.exchange) \($0.marketType)" }.joined(separator: ", ")
  }
}

/// Names the configuration knows, whether or not this build can collect them.
enum KnownNames {
  static let exchanges = ["binance", "okx", "deribit"]
  static let marketTypes = ["spot", "perpetual", "futures", "options"]
  static let dataTypes = [
    "trade", "orderbook", "ticker", "kline", "funding_rate", "open_interest", "liquidation", "mark_price",
    "volatility_index", "lsr_top_position", "lsr_all_account",
  ]
  static let depthSpeeds = ["0ms", "100ms", "250ms", "500ms"]
}
