import AdminProtocol

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
    Route("config", "/api/v1/config", query: ["key"], ConfigAnswer.show),
    Route("nats_policy", "/api/v1/nats/policy", PolicyAnswer.policy),
    Route(
      "set_nats_policy", "/api/v1/nats/policy",
      Route.Change(method: "PUT", takesBody: true) { _, body throws(ProtocolError) in try PolicyBody.command(body) }),
    Route(
      "reload", "/api/v1/reload", query: ReloadQuery.names,
      Route.Change(method: "POST", takesBody: false) { call, _ throws(ProtocolError) in
        try ReloadQuery.command(call.query)
      }),
  ]

  private static let bySpecificity = all.sorted { $0.pattern.literals > $1.pattern.literals }

  /// Finds the route and checks method and query against it.
  static func resolve(method: String, _ target: RequestTarget) throws(ProtocolError) -> (Route, RouteCall) {
    var allowed: [String] = []
    var path = ""
    for route in bySpecificity {
      guard let parameters = route.pattern.match(target.segments) else { continue }
      // A path of fewer fixed segments is another one.
      if !allowed.isEmpty, route.pattern.text != path { break }
      path = route.pattern.text
      guard route.methods.contains(method) else {
        allowed += route.methods
        continue
      }
      try check(target.query, of: route)
      let query = Dictionary(target.query.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      return (route, RouteCall(parameters: parameters, query: query))
    }
    guard allowed.isEmpty else {
      let methods = allowed.joined(separator: ", ")
      throw ProtocolError(
        .methodNotAllowed, "\(path) answers \(methods) only", fields: [ReplyField("allow", methods)])
    }
    throw ProtocolError(
      .unknownPath, "no such path; /api/v1/data-center/info lists the endpoints",
      fields: [ReplyField("path", clipped("/" + target.segments.joined(separator: "/")))])
  }

  private static func check(_ query: [(name: String, value: String)], of route: Route) throws(ProtocolError) {
    for (name, _) in query where !route.query.contains(name) {
      let allowed = route.query.isEmpty ? "none" : route.query.joined(separator: ", ")
      throw ProtocolError(
        .badArgument, "unknown query parameter \(quoted(name)); there are: \(allowed)",
        fields: [ReplyField("parameter", clipped(name)), ReplyField("allowed", allowed)])
    }
  }
}
