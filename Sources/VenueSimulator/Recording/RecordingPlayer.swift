import NIOCore

/// Serves the lines of a recording in order and in time. Asked what to do next, it answers with an action; the event
/// loop that owns it carries the action out.
///
/// 1. Nothing happens until somebody subscribes, and subscriptions have been quiet for the settle time.
/// 2. Frames are due at their recorded distance divided by the speed; at maximum speed they are always due.
/// 3. At the first snapshot of a symbol the stream is held until a client has been given it, or the hold time is over:
///    a snapshot has to fit the stream that its reader sees.
package final class RecordingPlayer {
  /// What is to be done.
  package enum Action {
    case send(MarketFrame)
    /// The recorded snapshot of `symbol` has been reached. The owner decides whether to `hold`.
    case snapshot(symbol: String, body: [UInt8])
    /// A line in no known shape was passed over.
    case unreadable
    /// A line that is not for subscribers was passed over.
    case note
    case wait
    case finished
    case failed(String)
  }

  private enum State {
    case waitingForSubscriber
    case settling(until: NIODeadline)
    case playing
    case holding(since: NIODeadline, until: NIODeadline)
    case over
  }

  package let source: RecordingSource
  package let market: SimulatedMarket
  /// The symbol of a snapshot line that names none.
  private let onlySymbol: String
  private let reader: GzipLineReader
  private var state = State.waitingForSubscriber
  private var upcoming: RecordingLine?
  private var origin: NIODeadline?
  private var firstTime = 0
  package private(set) var linesRead = 0

  /// Lines looked at to find out which market and symbol a recording is of.
  private static let linesLookedAt = 500

  /// Opens the file and looks at its first lines.
  package init(source: RecordingSource) throws {
    self.source = source
    var market = source.market
    var symbol: String?
    let preview = try GzipLineReader(path: source.path)
    for _ in 0..<Self.linesLookedAt {
      guard market == nil || symbol == nil, let text = try preview.next() else { break }
      guard let line = RecordingLine(text) else { continue }
      market = market ?? line.market
      if case .frame(let stream, _) = line.content, let name = stream.split(separator: "@").first {
        symbol = symbol ?? name.uppercased()
      }
    }
    guard let market, let symbol else {
      throw GzipLineReader.Failure(path: source.path, reason: "is not a recording of Binance spot or USD-M streams")
    }
    self.market = market
    onlySymbol = symbol
    reader = try GzipLineReader(path: source.path)
  }

  package var hasStarted: Bool {
    switch state {
    case .waitingForSubscriber, .settling: false
    case .playing, .holding, .over: true
    }
  }

  package var isOver: Bool { if case .over = state { true } else { false } }
  package var isHolding: Bool { if case .holding = state { true } else { false } }

  /// Told whenever subscriptions change.
  package func subscriptionsChanged(any: Bool, now: NIODeadline) {
    guard !hasStarted else { return }
    state = any ? .settling(until: now + TimeAmount(source.settleTime)) : .waitingForSubscriber
  }

  /// Holds the stream at the snapshot just reached.
  package func hold(now: NIODeadline) {
    state = .holding(since: now, until: now + TimeAmount(source.snapshotHold))
  }

  /// Goes on: the snapshot has been given to a client.
  package func release(now: NIODeadline) {
    guard case .holding(let since, _) = state else { return }
    origin = origin.map { $0 + (now - since) }
    state = .playing
  }

  package func next(now: NIODeadline) -> Action {
    switch state {
    case .waitingForSubscriber, .over:
      return .wait
    case .settling(let until):
      guard now >= until else { return .wait }
      state = .playing
    case .holding(_, let until):
      guard now >= until else { return .wait }
      release(now: now)
    case .playing:
      break
    }
    return nextLine(now: now)
  }

  private func nextLine(now: NIODeadline) -> Action {
    let line: RecordingLine
    if let waiting = upcoming {
      line = waiting
    } else {
      do {
        guard let text = try reader.next() else {
          state = .over
          return .finished
        }
        linesRead += 1
        guard let read = RecordingLine(text) else { return .unreadable }
        line = read
      } catch {
        state = .over
        return .failed(error.description)
      }
    }
    guard isDue(line, now: now) else {
      upcoming = line
      return .wait
    }
    upcoming = nil
    switch line.content {
    case .frame(let stream, let payload):
      let isDepth = StreamName(stream, market: market)?.isDepth ?? false
      return .send(MarketFrame(market: market, stream: stream, isDepth: isDepth, payload: payload))
    case .snapshot(let symbol, let body):
      return .snapshot(symbol: symbol ?? onlySymbol, body: body)
    case .note:
      return .note
    }
  }

  private func isDue(_ line: RecordingLine, now: NIODeadline) -> Bool {
    guard case .multiple(let speed) = source.speed else { return true }
    guard let origin else {
      self.origin = now
      firstTime = line.time
      return true
    }
    let distance = Double(line.time &- firstTime) / max(speed, 0.001)
    return Double((now - origin).nanoseconds) >= distance
  }
}
