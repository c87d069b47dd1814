import AdminProtocol
import Feeds
import MarketData

/// Sessions as lines and as JSON.
enum ExchangeText {
  /// `binance-spot/1 up state=open …`: name and state first, which scripts and `marketprismctl top` read.
  static func line(_ session: SessionReport, isPaused: Bool) -> String {
    let age = ageMS(session).map { "\($0) ms ago" } ?? "never"
    let good = session.books.count { $0.isSynchronised }
    return "\(session.name) \(session.isConnected ? "up" : "down") state=\(isPaused ? "paused" : session.state) "
      + "received=\(session.statistics.received) failed=\(session.statistics.failed) last=\"\(age)\" "
      + "reconnects=\(session.reconnects) books=\(good)/\(session.books.count)"
      + (session.isConnected ? "" : session.lastDisconnect.map { " reason=\"\($0)\"" } ?? "")
  }

  static func json(_ session: SessionReport, of feed: Feed) -> JSONValue {
    [
      "name": .string(session.name), "entry": .string(feed.configuration.name),
      "exchange": .string(feed.configuration.venue.name),
      "market_type": .string(feed.configuration.wish.market.rawValue), "connected": .bool(session.isConnected),
      "state": .string(feed.isPaused ? "paused" : session.state),
      "connected_at": session.connectedAt.map { .string($0.rfc3339) } ?? .null,
      "last_message_ms": ageMS(session).map { .int($0) } ?? .null,
      "messages_received": .int(Int64(session.statistics.received)),
      "errors": .int(Int64(session.statistics.failed)), "events": .int(Int64(session.events)),
      "bytes": .int(Int64(session.bytes)), "reconnects": .int(Int64(session.reconnects)),
      "snapshot_failures": .int(Int64(session.snapshotFailures)),
      "last_disconnect": session.lastDisconnect.map(JSONValue.string) ?? .null,
      "symbols": .array(session.instruments.map { .string($0.symbol) }),
      "books": .int(Int64(session.books.count)),
      "books_synchronised": .int(Int64(session.books.count { $0.isSynchronised })),
    ]
  }

  private static func ageMS(_ session: SessionReport) -> Int64? {
    session.lastMessageAt.map { WallClock.now().nanoseconds(since: $0) / 1_000_000 }
  }
}
