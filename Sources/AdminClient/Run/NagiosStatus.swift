import AdminProtocol

/// What a monitoring plugin says and exits with (Monitoring Plugins Development Guidelines).
package enum NagiosStatus: Int32, CaseIterable, Sendable {
  case ok = 0
  case warning = 1
  case critical = 2
  case unknown = 3

  /// As the line begins.
  package var name: String {
    switch self {
    case .ok: "OK"
    case .warning: "WARNING"
    case .critical: "CRITICAL"
    case .unknown: "UNKNOWN"
    }
  }

  /// What a state of the collector comes to.
  package static func of(state: String) -> NagiosStatus {
    switch state {
    case "ok": .ok
    case "degraded", "starting", "draining": .warning
    case "failing": .critical
    default: .unknown
    }
  }

  /// What no health comes to: nobody there is worse than nothing known.
  package static func of(_ error: ClientError) -> NagiosStatus {
    if case .cannotConnect = error { .critical } else { .unknown }
  }
}

/// The line of a monitoring plugin.
package struct NagiosLine: Equatable {
  /// What the process exits with.
  package var status: NagiosStatus
  /// The line, without its end.
  package var text: String

  /// What could not be asked.
  package init(_ error: ClientError) {
    status = .of(error)
    text = "MARKETPRISM \(status.name) - \(Self.safe(error.message))"
  }

  /// What the collector refused to say.
  package init(refused trailer: Trailer) {
    status = .unknown
    text = "MARKETPRISM \(status.name) - \(Self.safe("\(trailer.code) \(trailer.slug ?? "") \(trailer.message)"))"
  }

  /// The health.
  ///
  /// - Parameters:
  ///   - health: `data` of the reply to `json health`.
  ///   - report: `data` of the reply to `json status`, for the performance data; may be missing.
  package init(health: JSONValue, report: JSONValue?) {
    let state = health["state"]?.string ?? "unknown"
    status = .of(state: state)
    let checks = health["checks"]?.members ?? []
    let told = checks.filter { $0.1["status"]?.string != "pass" }.map { name, check in
      "\(name) \(check["status"]?.string ?? "?"): \(check["observed_value"]?.string ?? "?")"
    }
    let summary = told.isEmpty ? "\(checks.count) checks passed" : told.joined(separator: "; ")
    text = "MARKETPRISM \(status.name) - \(state), \(Self.safe(summary))"
    let figures = Self.figures(health, report)
    if !figures.isEmpty { text += " | " + figures.joined(separator: " ") }
  }

  /// `label=value[unit];warn;crit;min;max`; a `c` marks a counter.
  private static func figures(_ health: JSONValue, _ report: JSONValue?) -> [String] {
    let checks = health["checks"]?.members ?? []
    var figures = ["pass", "warn", "fail"].map { status in
      "checks_\(status)=\(checks.count { $0.1["status"]?.string == status });;;0;\(checks.count)"
    }
    if let uptime = health["uptime_seconds"]?.integer { figures.append("uptime=\(uptime)s;;;0") }
    guard let report else { return figures }
    let exchanges = report["exchanges"]?.members.map(\.1) ?? []
    func sum(_ key: String) -> Int64 {
      exchanges.reduce(0) { sum, row in
        let (total, overflow) = sum.addingReportingOverflow(row[key]?.integer ?? 0)
        return overflow ? .max : total
      }
    }
    let connected = exchanges.count { $0["is_connected"] == .bool(true) }
    figures.append("exchanges_up=\(connected);;;0;\(exchanges.count)")
    figures.append("books_synchronised=\(sum("books_synchronised"));;;0;\(sum("books_total"))")
    figures.append("messages=\(sum("messages_received"))c")
    figures.append("gaps=\(sum("gaps"))c")
    for (outcome, count) in report["nats"]?["events"]?.members ?? [] {
      figures.append("events_\(label(outcome))=\(count.integer ?? 0)c")
    }
    return figures
  }

  /// A bar would begin the performance data, a line end more of the text.
  private static func safe(_ text: String) -> String {
    String(text.map { $0 == "|" ? "/" : $0.isNewline ? " " : $0 })
  }

  /// A label without what separates labels.
  private static func label(_ text: String) -> String {
    String(text.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
  }
}
