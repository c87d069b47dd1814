import AdminProtocol
import Agent

/// `/health`, `/health/live` and `/health/ready`.
enum HealthAnswer {
  /// 200 while healthy or degraded, 503 otherwise, with every check.
  static func health(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.health()
    let word = report.state.word
    return Answer(
      status: word == "unhealthy" ? 503 : 200,
      [
        "status": .string(word),
        "timestamp": JSONValue(report.time),
        "uptime_seconds": JSONValue(wholeSeconds: report.uptimeSeconds),
        "checks": .object(report.checks.map { ($0.name, check($0)) }),
        "details": [
          "state": .string(report.state.rawValue), "ready": .bool(report.ready),
          "generation": JSONValue(report.generation),
        ],
        "version": .string(report.version),
        "service": "marketprism-collector",
      ])
  }

  /// 200 whenever the agent answers; it says nothing about NATS or exchanges.
  static func live(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.health()
    return Answer([
      "status": "alive", "timestamp": JSONValue(report.time),
      "uptime_seconds": JSONValue(wholeSeconds: report.uptimeSeconds),
    ])
  }

  /// 200 when ready, 503 with the checks that do not pass otherwise.
  static func ready(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.health()
    let wrong = report.checks.filter { $0.status != .pass }
    return Answer(
      status: report.ready ? 200 : 503,
      [
        "status": report.ready ? "ready" : "not-ready", "ready": .bool(report.ready),
        "state": .string(report.state.rawValue), "generation": JSONValue(report.generation),
        "timestamp": JSONValue(report.time), "checks": .object(wrong.map { ($0.name, check($0)) }),
      ])
  }

  private static func check(_ check: HealthCheck) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("status", .string(check.status.rawValue)), ("observed_value", .string(check.observedValue)),
    ]
    if let threshold = check.threshold { members.append(("threshold", .string(threshold))) }
    members.append(("since", JSONValue(check.since)))
    if let output = check.output { members.append(("output", .string(output))) }
    return .object(members)
  }
}
