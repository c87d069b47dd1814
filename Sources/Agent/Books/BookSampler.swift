import Feeds
import MarketData

/// Copies of one live book, taken often enough that two neighbours enclose an id of the exchange closely.
struct BookSampler: Sendable {
  /// Between two copies: several within the 100 ms after which exchanges send changes.
  static let interval = Duration.milliseconds(20)
  /// Copies kept: some seconds, which is longer than a snapshot takes to arrive.
  static let capacity = 256

  private(set) var views: [CoveredBook] = []

  /// Keeps a copy, unless it is the state kept last.
  mutating func add(_ view: CoveredBook) {
    if let last = views.last, last.view.lastUpdateID == view.view.lastUpdateID, last.view.isSynchronised { return }
    if views.count >= Self.capacity { views.removeFirst() }
    views.append(view)
  }

  /// The last state at or before an id and the first at or behind it; nil as long as the book has not come to the id.
  func around(_ id: Int64) -> (before: CoveredBook, after: CoveredBook)? {
    guard let after = views.first(where: { $0.view.lastUpdateID >= id }),
      let before = views.last(where: { $0.view.lastUpdateID <= id })
    else { return nil }
    return (before, after)
  }
}
