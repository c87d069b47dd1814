/// A configuration file for tests; what is not named has its default.
struct Configuration {
  var exchange: Exchange
  var spot = ["BTCUSDT"]
  var perpetual = ["BTCUSDT"]
  var natsPort = 1
  var optional = true
  var startupTimeout = "2s"
  var grace = "3s"
  var logLevel = "info"
  /// 0 lets the system choose.
  var httpPort = 0
  /// Who has the role operator.
  var operators = "groups: []"
  var depthLimit = 1000
  var staleAfter = "60s"
  var maxFrameBytes = "8MiB"
  /// None: the default.
  var stateDirectory: String?
  /// Further top-level lines.
  var more = ""

  func text(socket: String) -> String {
    """
    collector: { http_port: \(httpPort), log_level: \(logLevel)\(stateDirectory.map { ", state_directory: \($0)" } ?? "") }
    admin: { socket: \(socket), roles: { operator: { \(operators) } } }
    nats:
      url: nats://127.0.0.1:\(natsPort)
      optional: \(optional)
      startup_timeout: \(startupTimeout)
      grace: \(grace)
    exchanges:
      - exchange: binance
        market_type: spot
        symbols: [\(spot.joined(separator: ", "))]
        depth_limit: \(depthLimit)
        stale_after: \(staleAfter)
        max_frame_bytes: \(maxFrameBytes)
        ws_url: \(exchange.endpoint("spot.ws_url"))
        base_url: \(exchange.endpoint("spot.base_url"))
      - exchange: binance
        market_type: perpetual
        symbols: [\(perpetual.joined(separator: ", "))]
        ws_url: \(exchange.endpoint("perpetual.ws_url"))
        base_url: \(exchange.endpoint("perpetual.base_url"))
    \(more)
    """
  }
}
