import AdminProtocol

/// What the screen shows, as the collector told it at one moment. Missing parts are shown as missing.
package struct TopSample: Sendable {
  /// A connection to an exchange.
  package struct Session: Sendable {
    package var name = ""
    package var isUp = false
    package var state = ""
    package var received: Int64?
    package var events: Int64?
    /// Milliseconds since the last message.
    package var age: Int64?
    package var reconnects: Int64?
    package var booksGood: Int64?
    package var books: Int64?
    package var reason: String?
  }

  /// An order book.
  package struct Book: Sendable {
    package var name = ""
    package var isSynchronised = false
    package var reason: String?
    package var bid: String?
    package var ask: String?
    /// Milliseconds between the exchange's time of the last change and its arrival.
    package var lag: Int64?
    package var gaps: Int64?
  }

  /// When it was asked for.
  package var time: ContinuousClock.Instant
  package var version = ""
  package var state = "unknown"
  package var isReady = false
  package var generation: Int64?
  package var uptime: Int64?
  /// Checks that do not pass: name, status, what was measured.
  package var troubles: [(name: String, status: String, told: String)] = []
  package var sessions: [Session] = []
  package var books: [Book] = []
  package var nats: JSONValue = .null
  /// Events by what became of them.
  package var events: [(outcome: String, count: Int64)] = []
  /// Gaps of all books.
  package var gaps: Int64 = 0

  /// Requests whose replies ``init(time:replies:)`` takes, in order.
  package static let requests = ["status", "health", "exchange list", "book list"].map { line in
    Request(json: true, arguments: line.split(separator: " ").map(String.init))
  }

  /// Reads the replies to ``requests``.
  package init(time: ContinuousClock.Instant, replies: [JSONValue]) {
    self.time = time
    func data(_ index: Int) -> JSONValue { replies.indices.contains(index) ? replies[index]["data"] ?? .null : .null }
    let (status, health) = (data(0), data(1))
    version = status["version"]?.string ?? ""
    state = health["state"]?.string ?? status["state"]?.string ?? state
    isReady = (health["ready"] ?? status["ready"]) == .bool(true)
    generation = replies.first?["generation"]?.integer
    uptime = status["uptime_seconds"]?.integer
    nats = status["nats"] ?? .null
    events = (nats["events"]?.members ?? []).map { ($0.0, $0.1.integer ?? 0) }
    troubles = (health["checks"]?.members ?? []).compactMap { name, check in
      guard let status = check["status"]?.string, status != "pass" else { return nil }
      return (name, status, check["observed_value"]?.string ?? "")
    }
    sessions = (data(2)["sessions"]?.elements ?? []).map(Session.init)
    if sessions.isEmpty { sessions = (status["exchanges"]?.members ?? []).map { Session(entry: $0.0, $0.1) } }
    books = (data(3)["books"]?.elements ?? []).map(Book.init)
    gaps = books.reduce(0) { sum, book in
      let (total, overflow) = sum.addingReportingOverflow(book.gaps ?? 0)
      return overflow ? .max : total
    }
  }
}

extension TopSample.Session {
  /// A row of `exchange list`.
  init(_ row: JSONValue) {
    name = row["name"]?.string ?? "?"
    isUp = row["connected"] == .bool(true)
    state = row["state"]?.string ?? ""
    received = row["messages_received"]?.integer
    events = row["events"]?.integer
    age = row["last_message_ms"]?.integer
    reconnects = row["reconnects"]?.integer
    booksGood = row["books_synchronised"]?.integer
    books = row["books"]?.integer
    reason = row["last_disconnect"]?.string
  }

  /// An entry of `status`.
  init(entry: String, _ row: JSONValue) {
    name = entry
    isUp = row["is_connected"] == .bool(true)
    state = isUp ? "open" : "down"
    received = row["messages_received"]?.integer
    reconnects = row["reconnect_count"]?.integer
    booksGood = row["books_synchronised"]?.integer
    books = row["books_total"]?.integer
    reason = row["last_disconnect"]?.string
  }
}

extension TopSample.Book {
  /// A row of `book list`.
  init(_ row: JSONValue) {
    let words = ["exchange", "market_type", "symbol"].map { row[$0]?.string ?? "?" }
    name = words.joined(separator: " ")
    isSynchronised = row["synchronised"] == .bool(true)
    reason = row["reason"]?.string
    bid = row["best_bid"]?.string
    ask = row["best_ask"]?.string
    lag = row["lag_ms"]?.integer
    gaps = row["gaps"]?.integer
  }
}
