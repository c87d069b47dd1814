extension CollectorSettings {
  /// The section `collector`.
  public struct Collector: Sendable, Equatable {
    /// Port of the HTTP listener, 0…65535; 0 lets the system choose.
    public var httpPort: Int
    /// How much the log says.
    public var logLevel: LogLevel
    /// Where the collector keeps what must outlive it.
    public var stateDirectory: String
    /// How long a reload waits for what it opened to work before it is undone.
    public var verifyTimeout: Duration
    /// Whether order books are kept from snapshots and updates.
    public var enableOrderbookManager: Bool
    /// Whether the REST pollers run.
    public var enableScheduler: Bool

    /// A section with the given values.
    public init(
      httpPort: Int = 8081, logLevel: LogLevel = .info, stateDirectory: String = "/var/lib/marketprism",
      verifyTimeout: Duration = .seconds(10), enableOrderbookManager: Bool = true, enableScheduler: Bool = true
    ) {
      self.httpPort = httpPort
      self.logLevel = logLevel
      self.stateDirectory = stateDirectory
      self.verifyTimeout = verifyTimeout
      self.enableOrderbookManager = enableOrderbookManager
      self.enableScheduler = enableScheduler
    }
  }

  /// The section `proxy`.
  public struct Proxy: Sendable, Equatable {
    /// Whether outgoing connections go through the proxy.
    public var enabled: Bool
    /// Proxy of plain connections.
    public var httpProxy: String?
    /// Proxy of TLS connections.
    public var httpsProxy: String?
    /// Hosts that are reached directly.
    public var noProxy: [String]

    /// A section with the given values.
    public init(
      enabled: Bool = false, httpProxy: String? = nil, httpsProxy: String? = nil, noProxy: [String] = []
    ) {
      self.enabled = enabled
      self.httpProxy = httpProxy
      self.httpsProxy = httpsProxy
      self.noProxy = noProxy
    }
  }

  /// The section `record`.
  public struct Record: Sendable, Equatable {
    /// Where received frames are recorded; none: nothing is recorded.
    public var directory: String?

    /// A section with the given values.
    public init(directory: String? = nil) {
      self.directory = directory
    }
  }
}
