import MarketData
import Venues

/// Brings what an open connection is subscribed to in line with what is wanted: a value type without clock or I/O.
///
/// A venue drops a client that talks too much (Binance spot: more than 5 messages a second, pings and pongs counted), and
/// many changes in quick succession must not earn that. So the first change goes at once, and whatever comes within
/// ``pause`` after it is gathered: at most one message that takes away and one that adds every ``pause``. What came and
/// went within a pause is never sent at all. `now` is monotonic nanoseconds.
package struct SubscriptionPacer: Sendable {
  /// Between two rounds: more than a second, so that none sees two of them. A round of two messages, two pings of ours at
  /// their fastest and an answer to the venue's ping make five.
  package static let pause: Int64 = 1_250_000_000
  /// Requests whose answers are awaited; the oldest is given up when there are more.
  static let maximumUnanswered = 64

  /// One request to the venue.
  package struct Request: Equatable, Sendable {
    /// Names it in the venue's answer.
    package var id: Int64
    /// Whether it adds or takes away.
    package var change: SubscriptionChange
    /// Whose streams.
    package var instruments: [Instrument]

    /// A request.
    package init(id: Int64, change: SubscriptionChange, instruments: [Instrument]) {
      self.id = id
      self.change = change
      self.instruments = instruments
    }
  }

  /// What to do next.
  package enum Step: Equatable, Sendable {
    /// Nothing: what is wanted has been asked for.
    case nothing
    /// Ask again after this long.
    case wait(Duration)
    /// Send these, in this order.
    case send([Request])
  }

  private var isOpen = false
  private var asked: [Instrument] = []
  private var notBefore: Int64 = .min
  private var nextID: Int64 = 1
  private var unanswered: [Request] = []

  /// No connection.
  package init() {}

  /// A connection stands whose address asked for the streams of these instruments.
  package mutating func opened(with instruments: [Instrument]) {
    isOpen = true
    asked = instruments
    notBefore = .min
    unanswered.removeAll()
  }

  /// The connection is gone; the next one's address asks for everything anew.
  package mutating func closed() {
    isOpen = false
    unanswered.removeAll()
  }

  /// What to do so that exactly the streams of `wanted` come. What it says to send counts as sent.
  package mutating func step(wanted: [Instrument], now: Int64) -> Step {
    guard isOpen else { return .nothing }
    let (before, after) = (Set(asked), Set(wanted))
    let removed = asked.filter { !after.contains($0) }
    let added = wanted.filter { !before.contains($0) }
    guard !removed.isEmpty || !added.isEmpty else { return .nothing }
    guard now >= notBefore else { return .wait(.nanoseconds(notBefore &- now)) }
    notBefore = now &+ Self.pause
    asked = wanted
    return .send(request(.unsubscribe, removed) + request(.subscribe, added))
  }

  private mutating func request(_ change: SubscriptionChange, _ instruments: [Instrument]) -> [Request] {
    guard !instruments.isEmpty else { return [] }
    nextID &+= 1
    let request = Request(id: nextID, change: change, instruments: instruments)
    if unanswered.count >= Self.maximumUnanswered { unanswered.removeFirst() }
    unanswered.append(request)
    return [request]
  }

  /// The venue answered a request, with yes or no.
  ///
  /// - Returns: the request; nil for one that is not known.
  package mutating func answered(_ id: Int64) -> Request? {
    guard let index = unanswered.firstIndex(where: { $0.id == id }) else { return nil }
    return unanswered.remove(at: index)
  }
}
