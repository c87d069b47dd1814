extension CollectorSettings {
  /// The section `nats`.
  public struct NATS: Sendable, Equatable {
    /// Servers, tried in turn. They may carry a password: show them only through the schema, which redacts.
    public var urls: [String]
    /// Name the connection has on the server.
    public var clientName: String
    /// Certificates of connections with TLS.
    public var tls: TLS
    /// Whether the collector counts as sound without NATS.
    public var optional: Bool
    /// How long start-up waits for a required NATS.
    public var startupTimeout: Duration
    /// How long a required NATS may be away before readiness is lost.
    public var grace: Duration
    /// Preset `current` or `legacy`, or a template with `{type}`, `{exchange}`, `{market_type}`, `{symbol}`.
    public var subject: String
    /// How a data type is delivered; a type not named goes over core NATS.
    public var delivery: [String: DeliveryMode]
    /// JetStream streams to keep, by name.
    public var streams: [String: Stream]
    /// Events kept on disk while NATS is away.
    public var spool: Spool

    /// A section with the given values.
    public init(
      urls: [String] = ["nats://localhost:4222"], clientName: String = "marketprism-collector",
      tls: TLS = TLS(), optional: Bool = true, startupTimeout: Duration = .seconds(30), grace: Duration = .seconds(5),
      subject: String = "current", delivery: [String: DeliveryMode] = [:], streams: [String: Stream] = [:],
      spool: Spool = Spool()
    ) {
      self.urls = urls
      self.clientName = clientName
      self.tls = tls
      self.optional = optional
      self.startupTimeout = startupTimeout
      self.grace = grace
      self.subject = subject
      self.delivery = delivery
      self.streams = streams
      self.spool = spool
    }

    /// The one server, where there is exactly one: the key `url`, for which `urls` is the longer spelling.
    package var url: String? {
      get { urls.count == 1 ? urls.first : nil }
      set { if let newValue { urls = [newValue] } }
    }
  }

  /// The section `nats.tls`. Files in PEM format; without any, the system's authorities are trusted.
  public struct TLS: Sendable, Equatable {
    /// Authorities trusted besides the system's.
    public var caFile: String?
    /// The collector's own certificate; needs `keyFile` beside it.
    public var certFile: String?
    /// The key of the collector's own certificate.
    public var keyFile: String?

    /// A section with the given files.
    public init(caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil) {
      self.caFile = caFile
      self.certFile = certFile
      self.keyFile = keyFile
    }
  }

  /// How events of one data type reach NATS.
  public enum DeliveryMode: String, Sendable, Equatable, CaseIterable {
    /// Published at most once.
    case core
    /// Published to a stream and acknowledged.
    case jetstream
  }

  /// One entry of `nats.streams`. A limit of -1 means none.
  public struct Stream: Sendable, Equatable {
    /// What a stream does with a message that was delivered.
    public enum Retention: String, Sendable, Equatable, CaseIterable {
      /// Keeps it until a limit is reached.
      case limits
      /// Keeps it while somebody is interested.
      case interest
      /// Removes it.
      case workqueue
    }

    /// Subjects stored.
    public var subjects: [String]
    /// When messages go.
    public var retention: Retention
    /// Most messages kept.
    public var maximumMessages: Int
    /// Most bytes kept.
    public var maximumBytes: Int
    /// Oldest message kept.
    public var maximumAge: Duration
    /// Most consumers.
    public var maximumConsumers: Int
    /// Copies in the cluster.
    public var replicas: Int

    /// A stream with the given values.
    public init(
      subjects: [String] = [], retention: Retention = .limits, maximumMessages: Int = 1_000_000,
      maximumBytes: Int = 1 << 30, maximumAge: Duration = .seconds(48 * 3600), maximumConsumers: Int = -1,
      replicas: Int = 1
    ) {
      self.subjects = subjects
      self.retention = retention
      self.maximumMessages = maximumMessages
      self.maximumBytes = maximumBytes
      self.maximumAge = maximumAge
      self.maximumConsumers = maximumConsumers
      self.replicas = replicas
    }
  }

  /// The section `nats.spool`.
  public struct Spool: Sendable, Equatable {
    /// When written events are forced to the disk.
    public enum Synchronisation: String, Sendable, Equatable, CaseIterable {
      /// After every write.
      case always
      /// At intervals.
      case interval
      /// Whenever the system does.
      case never
    }

    /// Room on disk, in bytes.
    public var maximumBytes: Int
    /// Oldest event kept.
    public var maximumAge: Duration
    /// When written events are forced to the disk.
    public var fsync: Synchronisation

    /// A section with the given values.
    public init(
      maximumBytes: Int = 1 << 30, maximumAge: Duration = .seconds(24 * 3600), fsync: Synchronisation = .interval
    ) {
      self.maximumBytes = maximumBytes
      self.maximumAge = maximumAge
      self.fsync = fsync
    }
  }
}
