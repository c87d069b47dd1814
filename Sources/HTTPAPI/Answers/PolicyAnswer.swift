import AdminProtocol
import Agent

/// `GET /api/v1/nats/policy`: whether NATS may be missing, who says so, and how the link is.
enum PolicyAnswer {
  static func policy(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.status()
    let nats = report.nats
    return Answer([
      "optional": .bool(nats.optional), "source": .string(nats.policySource), "override": JSONValue(nats.override),
      "connected": .bool(nats.connected), "state": .string(nats.state), "since": JSONValue(nats.since),
      "reason": JSONValue(nats.reason), "generation": JSONValue(report.generation),
    ])
  }
}
