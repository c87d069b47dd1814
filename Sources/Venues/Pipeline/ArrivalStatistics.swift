import MarketData

/// When one kind of data arrived last, and how long after the exchange's own time of the event.
public struct ArrivalStatistics: Sendable, Equatable {
  /// How long a window is in which the least lag is sought.
  static let windowNS: Int64 = 10_000_000_000

  /// Events that arrived.
  public private(set) var events = 0
  /// When the last one arrived, in nanoseconds since 1970; 0 before the first.
  public private(set) var lastReceivedNS: Int64 = 0
  /// From the exchange's time to the arrival of the last event that had one, in milliseconds. The error of the local
  /// clock is in it: negative when it is behind the exchange's by more than the way takes.
  public private(set) var lastLagMS: Int64?
  private var windowEndNS: Int64 = 0
  private var leastInWindow: Int64?
  private var leastInLastWindow: Int64?

  /// Nothing has arrived.
  public init() {}

  /// The least lag of the last ten to twenty seconds, which no queue on the way has a part in.
  public var leastLagMS: Int64? {
    guard let now = leastInWindow else { return leastInLastWindow }
    return min(now, leastInLastWindow ?? now)
  }

  /// Takes note of an event.
  ///
  /// - Parameters:
  ///   - receivedNS: when it arrived, in nanoseconds since 1970.
  ///   - eventTimeMS: the exchange's time of it, in milliseconds since 1970, where it says one.
  @inline(__always)
  package mutating func note(receivedNS: Int64, eventTimeMS: Int64?) {
    events &+= 1
    lastReceivedNS = receivedNS
    guard let eventTimeMS else { return }
    // A time far from any clock's is the exchange's nonsense: it must not trap.
    let lag = (receivedNS / 1_000_000).subtractingReportingOverflow(eventTimeMS).partialValue
    lastLagMS = lag
    if receivedNS >= windowEndNS {
      leastInLastWindow = receivedNS < windowEndNS &+ Self.windowNS ? leastInWindow : nil
      leastInWindow = nil
      windowEndNS = receivedNS &+ Self.windowNS
    }
    leastInWindow = min(leastInWindow ?? lag, lag)
  }
}

extension PipelineStatistics {
  /// How the kinds of data arrive that this pipeline decodes.
  public var arrivals: [(type: DataType, statistics: ArrivalStatistics)] {
    [(.trade, trades), (.ticker, quotes), (.orderbook, depths)]
  }
}
