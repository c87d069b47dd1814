import AdminProtocol
import Agent

/// `/api/v1/data-center/info`: what this collector offers, read from what runs.
enum InfoAnswer {
  static func info(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.status()
    let symbols = symbolsByExchange(report)
    let books = report.exchanges.reduce(0) { $0 + $1.booksTotal }
    let synchronised = report.exchanges.reduce(0) { $0 + $1.booksSynchronised }
    return Answer([
      "service": "MarketPrism Data Center",
      "version": .string(report.version),
      "status": .string(report.health.word),
      "start_time": JSONValue(report.startTime),
      "uptime_seconds": JSONValue(wholeSeconds: report.uptimeSeconds),
      "supported_exchanges": JSONValue(symbols.map(\.exchange)),
      "supported_symbols": .object(symbols.map { ($0.exchange, JSONValue($0.symbols)) }),
      "capabilities": [
        // A snapshot is fetched for what is configured, so it needs a running agent and an exchange entry.
        "real_time_snapshots": .bool(report.running && !report.exchanges.isEmpty),
        "cached_snapshots": .bool(synchronised > 0),
        "orderbook_manager": .bool(books > 0),
        "nats_streaming": .bool(report.nats.connected),
        "rest_api": true,
      ],
      "endpoints": .object(RouteTable.all.map { ($0.name, .string($0.shown)) }),
      // No JetStream stream is kept yet: events go to core NATS.
      "nats": ["connected": .bool(report.nats.connected), "streams": []],
    ])
  }

  /// Exchanges in the configuration's order, each once, with the symbols of all its markets.
  private static func symbolsByExchange(_ report: StatusReport) -> [(exchange: String, symbols: [String])] {
    var found: [(exchange: String, symbols: [String])] = []
    for row in report.exchanges {
      let index = found.firstIndex { $0.exchange == row.exchange } ?? found.endIndex
      if index == found.endIndex { found.append((row.exchange, [])) }
      for symbol in row.symbols where !found[index].symbols.contains(symbol) { found[index].symbols.append(symbol) }
    }
    return found
  }
}
