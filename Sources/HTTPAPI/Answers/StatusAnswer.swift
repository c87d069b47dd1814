import AdminProtocol
import Agent

/// `/status`: what the agent is doing, in numbers.
enum StatusAnswer {
  static func status(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let report = await context.service.status()
    return Answer([
      "collector": [
        "running": .bool(report.running), "start_time": JSONValue(report.startTime),
        "uptime_seconds": JSONValue(wholeSeconds: report.uptimeSeconds), "generation": JSONValue(report.generation),
        "version": .string(report.version), "health": .string(report.health.rawValue),
        "configuration_file": JSONValue(report.configurationFile),
      ],
      "exchanges": .object(report.exchanges.map { ($0.name, exchange($0)) }),
      "nats": nats(report.nats),
      "orderbook_manager": books(report),
    ])
  }

  private static func exchange(_ row: StatusReport.Exchange) -> JSONValue {
    [
      "exchange": .string(row.exchange), "market_type": .string(row.market.rawValue),
      "symbols": JSONValue(row.symbols), "data_types": JSONValue(row.dataTypes),
      "messages_received": JSONValue(row.messagesReceived), "messages_processed": JSONValue(row.messagesProcessed),
      "errors": JSONValue(row.errors), "last_message_time": JSONValue(row.lastMessageTime),
      "connected_at": JSONValue(row.connectedAt), "is_connected": .bool(row.isConnected),
      "reconnect_count": JSONValue(row.reconnectCount), "last_disconnect": JSONValue(row.lastDisconnect),
    ]
  }

  private static func nats(_ row: StatusReport.NATS) -> JSONValue {
    [
      "connected": .bool(row.connected), "state": .string(row.state), "since": JSONValue(row.since),
      "reason": JSONValue(row.reason), "server_url": .string(row.serverURL), "client_name": .string(row.clientName),
      "optional": .bool(row.optional), "policy_source": .string(row.policySource),
      "override": JSONValue(row.override),
      "events": .object(row.events.map { ($0.outcome, JSONValue($0.count)) }),
      "spool": ["pending_bytes": JSONValue(row.pendingBytes)],
    ]
  }

  private static func books(_ report: StatusReport) -> JSONValue {
    let keeping = report.exchanges.filter { $0.booksTotal > 0 }
    return [
      "exchanges": .object(
        keeping.map { row in
          (
            row.name,
            [
              "books": JSONValue(row.booksTotal), "synchronised": JSONValue(row.booksSynchronised),
              "gaps": JSONValue(row.gaps), "resynchronisations": JSONValue(row.resynchronisations),
            ]
          )
        }),
      "total_integrations": JSONValue(keeping.count),
      "timestamp": JSONValue(report.time),
    ]
  }
}
