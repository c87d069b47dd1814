import AdminProtocol
import MarketData

/// Reports as replies of the admin socket: lines for people, the same facts as JSON for programs.
enum StatusText {
  /// The health: state, readiness, a line a check.
  static func reply(_ report: HealthReport) -> Reply {
    let lines = report.checks.map { check in
      "check.\(check.name): \(check.status.rawValue) \(check.observedValue)"
        + (check.output.map { " (\($0))" } ?? "")
    }
    let checks: [(String, JSONValue)] = report.checks.map { check in
      (
        check.name,
        [
          "status": .string(check.status.rawValue), "observed_value": .string(check.observedValue),
          "threshold": check.threshold.map(JSONValue.string) ?? .null, "since": .string(check.since.rfc3339),
          "output": check.output.map(JSONValue.string) ?? .null,
        ]
      )
    }
    return Reply(
      body: ["state: \(report.state.rawValue)", "ready: \(report.ready ? "yes" : "no")"] + lines,
      fields: [ReplyField("state", report.state.rawValue)],
      data: [
        "state": .string(report.state.rawValue), "ready": .bool(report.ready), "checks": .object(checks),
        "uptime_seconds": .int(Int64(report.uptimeSeconds)), "timestamp": .string(report.time.rfc3339),
      ])
  }

  /// The status at a glance.
  static func reply(_ status: StatusReport, _ health: HealthReport) -> Reply {
    var body = [
      "version: \(status.version)", "state: \(health.state.rawValue)", "ready: \(health.ready ? "yes" : "no")",
      "started: \(status.startTime.rfc3339) (up \(Int(status.uptimeSeconds)) s)",
      "configuration: \(status.configurationFile ?? "built in") generation \(status.generation)",
    ]
    for row in status.exchanges {
      body.append(
        "exchange.\(row.name): \(row.isConnected ? "up" : "down") received=\(row.messagesReceived) "
          + "errors=\(row.errors) reconnects=\(row.reconnectCount) books=\(row.booksSynchronised)/\(row.booksTotal) "
          + "gaps=\(row.gaps) resyncs=\(row.resynchronisations)")
    }
    let books = status.exchanges.reduce(into: (good: 0, all: 0, gaps: 0)) { sum, row in
      sum.good += row.booksSynchronised
      sum.all += row.booksTotal
      sum.gaps += row.gaps
    }
    body.append("books: \(books.good)/\(books.all) synchronised gaps=\(books.gaps)")
    let events = status.nats.events.map { "\($0.outcome)=\($0.count)" }.joined(separator: " ")
    body.append(
      "nats: \(status.nats.state) \(status.nats.optional ? "optional" : "required") (\(status.nats.policySource)) \(events)"
    )
    // Nothing is kept on disk while NATS is away: events are counted and dropped.
    body.append("spool: none")
    body.append("drift: \(status.drift ?? "none")")
    body += status.reload.lines
    body += status.overrides.map { "override: \($0)" }
    return Reply(
      body: body, fields: [ReplyField("state", health.state.rawValue)],
      data: [
        "version": .string(status.version), "state": .string(health.state.rawValue), "ready": .bool(health.ready),
        "start_time": .string(status.startTime.rfc3339), "uptime_seconds": .int(Int64(status.uptimeSeconds)),
        "exchanges": .object(status.exchanges.map { ($0.name, json(of: $0)) }), "nats": json(of: status.nats),
        "books_synchronised": .int(Int64(books.good)), "books_total": .int(Int64(books.all)), "spool": .null,
        "drift": status.drift.map(JSONValue.string) ?? .null,
        "overrides": .array(status.overrides.map(JSONValue.string)),
        "pending_restart": .array(status.reload.pendingRestart.map(JSONValue.string)),
        "last_reload_error": status.reload.lastError.map(JSONValue.string) ?? .null,
      ])
  }

  private static func json(of row: StatusReport.Exchange) -> JSONValue {
    [
      "is_connected": .bool(row.isConnected), "messages_received": .int(Int64(row.messagesReceived)),
      "messages_processed": .int(Int64(row.messagesProcessed)), "errors": .int(Int64(row.errors)),
      "reconnect_count": .int(Int64(row.reconnectCount)), "gaps": .int(Int64(row.gaps)),
      "resynchronisations": .int(Int64(row.resynchronisations)),
      "books_synchronised": .int(Int64(row.booksSynchronised)), "books_total": .int(Int64(row.booksTotal)),
      "symbols": .array(row.symbols.map(JSONValue.string)),
      "lag_ms": row.lagMS.map { .int($0) } ?? .null,
      "last_message_time": row.lastMessageTime.map { .string($0.rfc3339) } ?? .null,
      "connected_at": row.connectedAt.map { .string($0.rfc3339) } ?? .null,
      "last_disconnect": row.lastDisconnect.map(JSONValue.string) ?? .null,
    ]
  }

  /// The link and its policy.
  static func json(of nats: StatusReport.NATS) -> JSONValue {
    [
      "connected": .bool(nats.connected), "state": .string(nats.state), "server_url": .string(nats.serverURL),
      "client_name": .string(nats.clientName), "optional": .bool(nats.optional),
      "policy_source": .string(nats.policySource), "override": nats.override.map(JSONValue.string) ?? .null,
      "since": .string(nats.since.rfc3339), "reason": nats.reason.map(JSONValue.string) ?? .null,
      "events": .object(nats.events.map { ($0.outcome, .int(Int64($0.count))) }),
      "pending_bytes": .int(Int64(nats.pendingBytes)),
    ]
  }

  /// The best levels of a book; a book that is not synchronised says so and is no success.
  static func reply(_ view: BookView) -> Reply {
    let fields = [
      ReplyField("synchronised", view.isSynchronised ? "yes" : "no"), ReplyField("sequence", String(view.lastUpdateID)),
      ReplyField("age_ms", String(view.ageMS)),
    ]
    guard view.isSynchronised else {
      return .failure(
        ProtocolError(
          .notReady, "the book is not synchronised: \(view.reason ?? "")", fields: fields))
    }
    // Asks above bids, the best of both in the middle, as a ladder is read.
    let asks = view.asks.reversed().map { "ask \($0.price) \($0.quantity)" }
    let bids = view.bids.map { "bid \($0.price) \($0.quantity)" }
    func pairs(_ levels: [BookLevel]) -> JSONValue {
      .array(levels.map { .array([.string($0.price.description), .string($0.quantity.description)]) })
    }
    return Reply(
      body: asks + bids, fields: fields,
      data: [
        "exchange": .string(view.instrument.exchange), "market_type": .string(view.instrument.market.rawValue),
        "symbol": .string(view.instrument.symbol), "synchronised": true, "sequence": .int(view.lastUpdateID),
        "age_ms": .int(view.ageMS), "bids": pairs(view.bids), "asks": pairs(view.asks),
        "bid_levels": .int(Int64(view.bidLevels)), "ask_levels": .int(Int64(view.askLevels)),
      ])
  }
}

extension StatusReport.Reload {
  /// What is out of the ordinary, a line each.
  fileprivate var lines: [String] {
    var lines: [String] = []
    if let lastOutcome { lines.append("last_reload: \(lastOutcome)") }
    if let confirmUntil { lines.append("confirm_until: \(confirmUntil.rfc3339)") }
    if !pendingRestart.isEmpty { lines.append("pending_restart: \(pendingRestart.joined(separator: ", "))") }
    if let fallback { lines.append("fallback: \(fallback)") }
    return lines
  }
}
