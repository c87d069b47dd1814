/// Where a started simulator can be reached. The paths of the real exchange are appended to these base URLs.
public struct SimulatorEndpoints: Sendable, Equatable {
  /// The port that was bound.
  public let port: Int
  /// Base URL of spot streams, for example `ws://127.0.0.1:9000/spot`.
  public let spotWebSocketURL: String
  /// Base URL of spot REST requests.
  public let spotRESTURL: String
  /// Base URL of USD-M streams.
  public let usdmWebSocketURL: String
  /// Base URL of USD-M REST requests.
  public let usdmRESTURL: String

  init(host: String, port: Int) {
    let authority = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    self.port = port
    spotWebSocketURL = "ws://\(authority)/spot"
    spotRESTURL = "http://\(authority)/spot"
    usdmWebSocketURL = "ws://\(authority)/usdm"
    usdmRESTURL = "http://\(authority)/usdm"
  }
}
