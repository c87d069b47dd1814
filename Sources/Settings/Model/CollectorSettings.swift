/// Everything the collector can be told, with its defaults. The defaults stand here and nowhere else: the schema
/// table, the documentation and the shipped file are checked against a value built with `CollectorSettings()`.
public struct CollectorSettings: Sendable, Equatable {
  /// Settings of the process as a whole.
  public var collector: Collector
  /// The operator's Unix socket.
  public var admin: Admin
  /// The HTTP listener.
  public var http: HTTP
  /// The link to NATS and what travels over it.
  public var nats: NATS
  /// One entry for every market to collect.
  public var exchanges: [Exchange]
  /// The outgoing proxy.
  public var proxy: Proxy
  /// The recorder of raw frames.
  public var record: Record
  /// Which of the values above came from a file or a credential, and are never shown.
  public var secrets: SecretKeys = SecretKeys()

  /// Settings of the given sections; a section left out has its defaults.
  public init(
    collector: Collector = Collector(), admin: Admin = Admin(), http: HTTP = HTTP(), nats: NATS = NATS(),
    exchanges: [Exchange] = [], proxy: Proxy = Proxy(), record: Record = Record()
  ) {
    self.collector = collector
    self.admin = admin
    self.http = http
    self.nats = nats
    self.exchanges = exchanges
    self.proxy = proxy
    self.record = record
  }
}

/// How much the log says; a level includes all that are more severe.
public enum LogLevel: String, Sendable, Equatable, CaseIterable {
  /// Every frame.
  case trace
  /// Every decision.
  case debug
  /// What an operator wants to have read afterwards.
  case info
  /// Something unusual that needs no action.
  case notice
  /// Something that may need action.
  case warning
  /// A request or a component failed.
  case error
  /// The service as a whole is in danger.
  case critical
}
