import MarketData

/// What the agent is doing, in numbers; times are RFC 3339 in the JSON, names those of `GET /status`.
public struct StatusReport: Sendable {
  /// One exchange entry of the configuration.
  public struct Exchange: Sendable {
    /// The entry's name: `binance-spot`.
    public var name: String
    /// The exchange: `binance`.
    public var exchange: String
    /// The market.
    public var market: MarketType
    /// Canonical symbols.
    public var symbols: [String]
    /// Data types delivered.
    public var dataTypes: [String]
    /// Messages that arrived.
    public var messagesReceived: Int
    /// Messages that were decoded and acted on.
    public var messagesProcessed: Int
    /// Messages that could not be decoded.
    public var errors: Int
    /// When the last message arrived.
    public var lastMessageTime: Timestamp?
    /// Milliseconds from the exchange's time to the arrival of the last event; nil before the first that has a time.
    public var lagMS: Int64?
    /// When the present connection was opened; nil while there is none.
    public var connectedAt: Timestamp?
    /// Whether every connection of this entry is open.
    public var isConnected: Bool
    /// Connections that were opened again after a loss.
    public var reconnectCount: Int
    /// Why the last connection ended; nil when none ended.
    public var lastDisconnect: String?
    /// Gaps in the sequence of book changes.
    public var gaps: Int
    /// Books that were synchronised again after having been synchronised.
    public var resynchronisations: Int
    /// Books synchronised now.
    public var booksSynchronised: Int
    /// Books kept.
    public var booksTotal: Int

    /// Creates a row with everything at zero.
    public init(name: String, exchange: String, market: MarketType, symbols: [String], dataTypes: [String]) {
      self.name = name
      self.exchange = exchange
      self.market = market
      self.symbols = symbols
      self.dataTypes = dataTypes
      messagesReceived = 0
      messagesProcessed = 0
      errors = 0
      isConnected = false
      reconnectCount = 0
      gaps = 0
      resynchronisations = 0
      booksSynchronised = 0
      booksTotal = 0
    }
  }

  /// The NATS link and its policy.
  public struct NATS: Sendable {
    /// Whether the link is up.
    public var connected: Bool
    /// `off`, `connecting`, `up`, `draining` or `down`.
    public var state: String
    /// The server in use or last tried, without credentials.
    public var serverURL: String
    /// The name given to the server.
    public var clientName: String
    /// Whether NATS may be missing.
    public var optional: Bool
    /// `file` or `override`.
    public var policySource: String
    /// Who set the override, when and why; nil without one.
    public var override: String?
    /// Since when the state has been this one.
    public var since: Timestamp
    /// Why the link is down; nil while it is up.
    public var reason: String?
    /// Events by outcome: `published`, `no_nats`, ….
    public var events: [(outcome: String, count: Int)]
    /// Bytes that wait to be published.
    public var pendingBytes: Int

    /// Creates a row.
    public init(
      connected: Bool, state: String, serverURL: String, clientName: String, optional: Bool, policySource: String,
      override: String?, since: Timestamp, reason: String?, events: [(outcome: String, count: Int)], pendingBytes: Int
    ) {
      self.connected = connected
      self.state = state
      self.serverURL = serverURL
      self.clientName = clientName
      self.optional = optional
      self.policySource = policySource
      self.override = override
      self.since = since
      self.reason = reason
      self.events = events
      self.pendingBytes = pendingBytes
    }
  }

  /// How reloading stands.
  public struct Reload: Sendable, Equatable {
    /// Keys whose new values need a restart.
    public var pendingRestart: [String] = []
    /// Until when the settings in force wait for `confirm`; nil when they do not.
    public var confirmUntil: Timestamp?
    /// Why the last reload failed; nil when it did not.
    public var lastError: String?
    /// Why the settings are the last good ones kept; nil when they are the file's.
    public var fallback: String?
    /// What the last reload came to, in one line; nil before the first.
    public var lastOutcome: String?

    /// Nothing is pending.
    public init() {}
  }

  /// When the process started.
  public var startTime: Timestamp
  /// When the report was taken.
  public var time: Timestamp
  /// Seconds since the process started.
  public var uptimeSeconds: Double
  /// The generation of the settings in force.
  public var generation: Int
  /// The collector's version.
  public var version: String
  /// Whether the agent runs (neither starting nor draining).
  public var running: Bool
  /// The overall health.
  public var health: HealthState
  /// Every exchange entry, in the configuration's order.
  public var exchanges: [Exchange]
  /// The NATS link.
  public var nats: NATS
  /// The configuration file in force; nil for `demo`.
  public var configurationFile: String?
  /// How reloading stands.
  public var reload = Reload()
  /// How the settings on disk differ from those in force: `none`, the keys, or why they cannot be loaded; nil where
  /// there are no files.
  public var drift: String?
  /// What was changed at run time and is in force, a line each.
  public var overrides: [String] = []

  /// Creates a report.
  public init(
    startTime: Timestamp, time: Timestamp, uptimeSeconds: Double, generation: Int, version: String, running: Bool,
    health: HealthState, exchanges: [Exchange], nats: NATS, configurationFile: String?
  ) {
    self.startTime = startTime
    self.time = time
    self.uptimeSeconds = uptimeSeconds
    self.generation = generation
    self.version = version
    self.running = running
    self.health = health
    self.exchanges = exchanges
    self.nats = nats
    self.configurationFile = configurationFile
  }
}
