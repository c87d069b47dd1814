/// How the link to NATS is dialled and watched. Every wait it does has one of these deadlines.
public struct LinkSettings: Sendable, Equatable {
  /// The servers, tried in turn: `nats://[user[:password]@]host[:port]`, or `tls://…`.
  public var urls: [String]
  /// The name the server shows for this client.
  public var clientName: String
  /// The certificate files, read anew at each dial.
  public var tls = TLSFiles()
  /// How long one dial may take, greeting and authentication included.
  public var connectTimeout: Duration = .seconds(2)
  /// How long the server may take to confirm what was published before the link counts as lost.
  public var flushTimeout: Duration = .seconds(2)
  /// How long one write to the socket may block.
  public var writeDeadline: Duration = .seconds(2)
  /// How often an idle link is probed; it counts as lost after ``maximumPingsOut`` unanswered probes.
  public var pingInterval: Duration = .seconds(1)
  /// Unanswered pings an idle link survives.
  public var maximumPingsOut = 2
  /// The shortest time between two confirmations asked of the server while events flow.
  public var confirmationInterval: Duration = .milliseconds(20)
  /// How long events are gathered after a batch was published; bounds the wake-ups to one an interval.
  public var gatherInterval: Duration = .milliseconds(1)
  /// The delays between rounds of dialling.
  public var backoff = Backoff()

  /// Creates settings with the defaults for everything else.
  public init(urls: [String], clientName: String) {
    self.urls = urls
    self.clientName = clientName
  }
}

extension Duration {
  /// Whole nanoseconds; durations beyond 292 years are cut.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflowed ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whole milliseconds, at least one, as libnats takes them.
  var milliseconds: Int64 { max(1, nanoseconds / 1_000_000) }
}
