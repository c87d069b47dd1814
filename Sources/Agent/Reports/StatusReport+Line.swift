extension StatusReport {
  /// The whole status in a line, for `systemctl status`.
  public var line: String {
    let sessions = exchanges.filter(\.isConnected).count
    let synchronised = exchanges.reduce(0) { $0 + $1.booksSynchronised }
    let books = exchanges.reduce(0) { $0 + $1.booksTotal }
    return [
      health.rawValue, "exchanges \(sessions)/\(exchanges.count) up", "books \(synchronised)/\(books) synchronised",
      "NATS \(nats.state) (\(nats.optional ? "optional" : "required"))", "generation \(generation)",
    ].joined(separator: ", ")
  }
}
