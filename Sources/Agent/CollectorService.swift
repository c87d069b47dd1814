import AdminProtocol
import MarketData

/// What the HTTP API needs of the agent. The agent is the one implementation; tests of the HTTP layer bring their own.
///
/// What changes something is a command of the admin socket, so that both ways have the same checks and the same outcome.
public protocol CollectorService: CommandHandler {
  /// The present health.
  func health() async -> HealthReport
  /// The present status.
  func status() async -> StatusReport
  /// All metrics in Prometheus' text format 0.0.4.
  func prometheusText() async -> String
  /// The agent's own book of an instrument, at most `depth` levels a side (nil: all).
  ///
  /// - Parameter market: nil when only one configured market of the exchange has the symbol.
  /// - Throws: 404 unknown-exchange or unknown-symbol, 400 bad-argument when the market is not clear. A book that is
  ///   not synchronised is returned and says so.
  func cachedBook(exchange: String, market: MarketType?, symbol: String, depth: Int?) async throws(ProtocolError)
    -> BookView
  /// A snapshot fetched from the exchange's REST interface now.
  ///
  /// - Throws: as ``cachedBook(exchange:market:symbol:depth:)``; 503 not-ready when the exchange refuses or is out of
  ///   reach, 504 timeout.
  func freshSnapshot(exchange: String, market: MarketType?, symbol: String, depth: Int?) async throws(ProtocolError)
    -> BookView
}
