/// The two Binance markets the simulator speaks for, both on one port, told apart by the first path component.
public enum SimulatedMarket: String, Sendable, Hashable, CaseIterable {
  /// Binance spot, below `/spot`.
  case spot
  /// Binance USD-M futures, below `/usdm`.
  case usdm

  /// The market's published limits and paths.
  package var rules: MarketRules { self == .spot ? .spot : .usdm }
}

/// The published limits and paths of a market, one table for the simulator's WebSocket and REST sides.
package struct MarketRules: Sendable {
  /// REST paths start with this, for example `/api/v3/depth`.
  package let restPrefix: String
  /// Milliseconds between depth messages of the bare `@depth` stream.
  package let defaultDepthSpeed: Int
  /// Milliseconds that may be asked for as `@depth@<n>ms`.
  package let depthSpeeds: [Int]
  /// What a REST depth request may ask for and what it costs, ascending; a spot request is charged as the next row up.
  package let depthCosts: [(limit: Int, weight: Int)]
  /// Spot takes any limit up to the last row, USD-M only those listed.
  package let takesAnyLimit: Bool
  /// Levels of a depth request that names no limit.
  package let defaultDepthLimit: Int
  /// Request weight an address may use in a minute.
  package let weightPerMinute: Int
  /// Client messages (pings and pongs counted) a connection may send in a second.
  package let messagesPerSecond: Int
  /// Seconds between server pings.
  package let pingSeconds: Int64
  /// Seconds a client may take to answer a ping.
  package let pongSeconds: Int64

  package static let spot = MarketRules(
    restPrefix: "/api/v3", defaultDepthSpeed: 1000, depthSpeeds: [100, 1000],
    depthCosts: [(100, 5), (500, 25), (1000, 50), (5000, 250)], takesAnyLimit: true, defaultDepthLimit: 100,
    weightPerMinute: 6000, messagesPerSecond: 5, pingSeconds: 20, pongSeconds: 60)

  package static let usdm = MarketRules(
    restPrefix: "/fapi/v1", defaultDepthSpeed: 250, depthSpeeds: [0, 100, 250, 500],
    depthCosts: [(5, 2), (10, 2), (20, 2), (50, 2), (100, 5), (500, 10), (1000, 20)], takesAnyLimit: false,
    defaultDepthLimit: 500, weightPerMinute: 2400, messagesPerSecond: 10, pingSeconds: 180, pongSeconds: 600)

  /// Streams a connection may subscribe to.
  package static let streamsPerConnection = 1024

  /// The request weight of a depth snapshot, nil when the exchange refuses the limit.
  package func weight(ofDepthLimit limit: Int) -> Int? {
    guard limit > 0 else { return nil }
    if takesAnyLimit { return depthCosts.first { limit <= $0.limit }?.weight }
    return depthCosts.first { limit == $0.limit }?.weight
  }
}
