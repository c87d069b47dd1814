import MarketData
import NIOCore
import Venues

/// Which of two sessions to the same streams is heard: the other one is muted, and holds its latest events.
extension FeedSession {
  /// How long after a succession events that the other session has published are looked for.
  static let successionTime: Int64 = 10_000_000_000

  /// Hands what was encoded to the sink, or holds it while nobody is to hear of it.
  func handOver() {
    guard pipeline.output.count > 0 else { return }
    if isMuted {
      held.append(pipeline.output, now: WallClock.monotonic())
    } else {
      events += pipeline.output.count
      environment.sink(pipeline.output)
    }
    pipeline.output.removeAll()
  }

  /// Nothing is published from here on. On the loop.
  ///
  /// - Returns: how far the publishing has come.
  func mute() -> [Instrument: PublicationMarks] {
    // What was only held was not published: it marks nothing.
    guard !isMuted else { return [:] }
    handOver()
    isMuted = true
    var marks: [Instrument: PublicationMarks] = [:]
    for place in pipeline.followedPlaces { marks[pipeline.decoder.instruments[place]] = pipeline.marks(of: place) }
    return marks
  }

  /// Publishes from here on, going on from where another session has come. On the loop.
  ///
  /// - Parameter past: how far the other had come with each instrument; one that it did not follow begins here.
  func unmute(after past: [Instrument: PublicationMarks]) {
    guard isMuted else { return }
    handOver()
    isMuted = false
    var marks: [Int: PublicationMarks] = [:]
    for place in pipeline.followedPlaces { marks[place] = past[pipeline.decoder.instruments[place]] }
    var late = EncodedEvents()
    held.drain(into: &late) { record in
      guard let mark = marks[record.instrument] else { return false }
      switch record.type {
      case .trade: return record.sequence > mark.trade
      case .ticker: return record.sequence > mark.quote
      default: return record.sequence > mark.depth
      }
    }
    events += late.count
    if late.count > 0 { environment.sink(late) }
    let now = WallClock.nanoseconds()
    pipeline.succeed(marks, receivedNS: now, publishedMS: now / 1_000_000)
    handOver()
    successionEnds = WallClock.monotonic() &+ Self.successionTime
  }

  /// Once a second: what a succession left is put away when its time is over.
  func endSuccessionWhenDue(now: Int64) {
    guard let due = successionEnds, now >= due else { return }
    successionEnds = nil
    let behind = pipeline.endSuccession(publishedMS: WallClock.nanoseconds() / 1_000_000)
    if behind > 0 {
      logger.warning("books had not come to where the connection before had been", metadata: ["books": "\(behind)"])
    }
    handOver()
  }
}
