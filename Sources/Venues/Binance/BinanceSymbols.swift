import MarketData

/// From Binance's spelling of a symbol to the canonical one and back, without the exchange's instrument list.
public enum BinanceSymbols {
  /// Assets that others are quoted in, the longer before those they end with.
  static let quoteAssets = [
    "FDUSD", "USDT", "USDC", "TUSD", "BUSD", "USDP", "USD1", "BIDR", "IDRT", "DAI", "BTC", "ETH", "BNB", "EUR", "TRY",
    "GBP", "AUD", "BRL", "JPY", "ARS", "MXN", "PLN", "RUB", "UAH", "ZAR", "COP", "CZK", "RON", "NGN", "VAI", "XRP",
    "TRX", "DOGE", "SOL", "PAX", "USD",
  ]

  /// The instrument that `symbol` means, in the exchange's spelling (`BTCUSDT`) or the canonical one (`BTC-USDT`), in
  /// any case; nil when it is no symbol or its quote asset is not known.
  public static func instrument(_ symbol: String, market: MarketType) -> Instrument? {
    let upper = symbol.uppercased()
    guard upper.utf8.allSatisfy(isSymbolByte), upper.utf8.count <= 32 else { return nil }
    let parts = upper.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
      return Instrument(exchange: "binance", market: market, symbol: upper, venueSymbol: String(parts[0] + parts[1]))
    }
    guard parts.count == 1 else { return nil }
    // A dated future carries its day behind an underscore: BTCUSDT_240927.
    let pair = upper.split(separator: "_", maxSplits: 1)
    guard let pairName = pair.first else { return nil }
    let day = pair.count == 2 ? "-" + pair[1] : ""
    guard let quote = quoteAssets.first(where: { pairName.hasSuffix($0) && pairName.count > $0.count }) else {
      return nil
    }
    let base = pairName.dropLast(quote.count)
    return Instrument(exchange: "binance", market: market, symbol: "\(base)-\(quote)\(day)", venueSymbol: upper)
  }

  private static func isSymbolByte(_ byte: UInt8) -> Bool {
    byte &- 0x30 <= 9 || byte &- 0x41 <= 25 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
