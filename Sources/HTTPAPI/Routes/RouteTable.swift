import AdminProtocol
import Agent

/// What handlers work with.
struct APIContext: Sendable {
  let service: any CollectorService
  let freshSnapshots: Gate
}

/// One row of the table of routes.
struct Route: Sendable {
  typealias Handler = @Sendable (RouteCall, APIContext) async throws(ProtocolError) -> Answer

  /// The key in `endpoints` of `/api/v1/data-center/info`.
  let name: String
  let pattern: PathPattern
  /// The names the query may have.
  let query: [String]
  let handler: Handler

  init(_ name: String, _ path: String, query: [String] = [], _ handler: @escaping Handler) {
    self.name = name
    pattern = PathPattern(path)
    self.query = query
    self.handler = handler
  }
}

/// Every route there is: it finds handlers, and 404, 405 and the list of endpoints follow from it.
enum RouteTable {
  static let all: [Route] = [
    Route("health", "/health", HealthAnswer.health),
    Route("health_live", "/health/live", HealthAnswer.live),
    Route("health_ready", "/health/ready", HealthAnswer.ready),
    Route("status", "/status", StatusAnswer.status),
    Route("metrics", "/metrics", MetricsAnswer.metrics),
    Route("info", "/api/v1/data-center/info", InfoAnswer.info),
    Route("snapshot", "/api/v1/snapshot/{exchange}/{symbol}", query: ["market", "depth"], SnapshotAnswer.fresh),
    Route(
      "snapshot_cached", "/api/v1/snapshot/{exchange}/{symbol}/cached", query: ["market", "depth"],
      SnapshotAnswer.cached),
    Route(
      "orderbook", "/api/v1/orderbook/{exchange}/{symbol}", query: ["market", "depth", "format"],
      OrderBookAnswer.orderBook),
  ]

  /// The methods of every route.
  static let methods = ["GET", "HEAD"]

  private static let bySpecificity = all.sorted { $0.pattern.literals > $1.pattern.literals }

  /// Finds the route and checks method and query against it.
  static func resolve(method: String, _ target: RequestTarget) throws(ProtocolError) -> (Route, RouteCall) {
    for route in bySpecificity {
      guard let parameters = route.pattern.match(target.segments) else { continue }
      guard methods.contains(method) else {
        let allowed = methods.joined(separator: ", ")
        throw ProtocolError(
          .methodNotAllowed, "\(route.pattern.text) answers \(allowed) only", fields: [ReplyField("allow", allowed)])
      }
      for (name, _) in target.query where !route.query.contains(name) {
        let allowed = route.query.isEmpty ? "none" : route.query.joined(separator: ", ")
        throw ProtocolError(
          .badArgument, "unknown query parameter \(quoted(name)); there are: \(allowed)",
          fields: [ReplyField("parameter", clipped(name)), ReplyField("allowed", allowed)])
      }
      let query = Dictionary(target.query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      return (route, RouteCall(parameters: parameters, query: query))
    }
    throw ProtocolError(
      .unknownPath, "no such path; /api/v1/data-center/info lists the endpoints",
      fields: [ReplyField("path", clipped("/" + target.segments.joined(separator: "/")))])
  }
}
