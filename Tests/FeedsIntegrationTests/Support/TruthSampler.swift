import Feeds
import MarketData
import VenueSimulator

/// Compares books with the truth while the market runs: a book that is reported synchronised must be the truth of its
/// update id, whenever the truth of that id was seen.
struct TruthSampler {
  private static let history = 64

  private var seen: [Instrument: [TrueBook]] = [:]
  /// Books compared at equal ids.
  private(set) var compared = 0
  /// Books that were wrong.
  private(set) var wrong: [String] = []

  /// Samples for `duration`.
  mutating func run(_ rig: Rig, for duration: Duration) async {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {
      for feed in rig.feeds.values {
        for instrument in feed.configuration.wish.instruments { await sample(instrument, feed, rig) }
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  private mutating func sample(_ instrument: Instrument, _ feed: Feed, _ rig: Rig) async {
    if let truth = rig.truth(of: instrument) {
      seen[instrument, default: []].append(truth)
      if seen[instrument, default: []].count > Self.history { seen[instrument]?.removeFirst() }
    }
    guard let view = await feed.book(of: instrument, depth: nil), view.isSynchronised,
      let truth = seen[instrument]?.last(where: { Int64($0.lastUpdateID) == view.lastUpdateID })
    else { return }
    compared += 1
    if let difference = view.difference(from: truth) { wrong.append("\(instrument.symbol): \(difference)") }
  }
}
