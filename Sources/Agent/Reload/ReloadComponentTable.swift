import Settings

/// Which component carries out the change of which key, and the order in which they do it.
enum ReloadComponentTable {
  /// Listeners first: what is in their way is known at once. Plain values last: they cannot fail.
  static let order = ["http", "admin", "nats", "feeds", "values"]

  /// By how the key begins; the first row that fits holds.
  private static let rows: [(prefix: String, component: String)] = [
    ("collector.http_port", "http"),
    ("http.", "http"),
    ("admin.", "admin"),
    ("nats.optional", "values"),
    ("nats.grace", "values"),
    ("nats.startup_timeout", "values"),
    // Subjects are written by the sessions that encode the events.
    ("nats.subject", "feeds"),
    ("nats.", "nats"),
    ("collector.enable_orderbook_manager", "feeds"),
    ("exchanges", "feeds"),
    ("collector.", "values"),
    // Accepted, and not used by this version.
    ("proxy.", "values"),
    ("record.", "values"),
  ]

  /// The component that a key belongs to; nil for a key that no row knows.
  static func component(of keyPath: String) -> String? { rows.first { keyPath.hasPrefix($0.prefix) }?.component }

  /// The place of a component; one that is not named comes last.
  static func rank(of name: String) -> Int { order.firstIndex(of: name) ?? order.count }
}
