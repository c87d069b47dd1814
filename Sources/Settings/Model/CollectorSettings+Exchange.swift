extension CollectorSettings {
  /// One entry of `exchanges`: one market of one exchange. Its keys mean the same for every exchange.
  public struct Exchange: Sendable, Equatable {
    /// Unique name; `<exchange>-<market_type>` where none is given.
    public var name: String
    /// The exchange, for example `binance`.
    public var exchange: String
    /// `spot`, `perpetual`, `futures` or `options`.
    public var marketType: String
    /// Whether the entry is collected at all.
    public var enabled: Bool
    /// WebSocket endpoint instead of the exchange's own.
    public var wsURL: String?
    /// REST endpoint instead of the exchange's own.
    public var baseURL: String?
    /// Instruments, in the exchange's spelling or the canonical one.
    public var symbols: [String]
    /// What to collect of every symbol.
    public var dataTypes: [String]
    /// Levels of an order book's snapshot, 1…5000.
    public var depthLimit: Int
    /// How often the exchange sends order book updates; none: the exchange's default.
    public var depthSpeed: String?
    /// Largest frame accepted, in bytes.
    public var maxFrameBytes: Int
    /// How often a ping is sent; none: as the exchange asks.
    public var pingInterval: Duration?
    /// First wait before reconnecting.
    public var reconnectMinimum: Duration
    /// Longest wait before reconnecting.
    public var reconnectMaximum: Duration
    /// How often a book is compared with a fresh snapshot; none: never.
    public var snapshotInterval: Duration?
    /// A session without a frame for this long is stale and is opened anew.
    public var staleAfter: Duration

    /// An entry with the given values.
    public init(
      name: String? = nil, exchange: String = "binance", marketType: String = "spot", enabled: Bool = true,
      wsURL: String? = nil, baseURL: String? = nil, symbols: [String] = [],
      dataTypes: [String] = ["trade", "orderbook", "ticker"], depthLimit: Int = 1000, depthSpeed: String? = nil,
      maxFrameBytes: Int = 8 << 20, pingInterval: Duration? = nil, reconnectMinimum: Duration = .milliseconds(500),
      reconnectMaximum: Duration = .seconds(30), snapshotInterval: Duration? = nil,
      staleAfter: Duration = .seconds(60)
    ) {
      self.name = name ?? "\(exchange)-\(marketType)"
      self.exchange = exchange
      self.marketType = marketType
      self.enabled = enabled
      self.wsURL = wsURL
      self.baseURL = baseURL
      self.symbols = symbols
      self.dataTypes = dataTypes
      self.depthLimit = depthLimit
      self.depthSpeed = depthSpeed
      self.maxFrameBytes = maxFrameBytes
      self.pingInterval = pingInterval
      self.reconnectMinimum = reconnectMinimum
      self.reconnectMaximum = reconnectMaximum
      self.snapshotInterval = snapshotInterval
      self.staleAfter = staleAfter
    }
  }
}
