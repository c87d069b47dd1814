import Feeds
import MarketData

/// How far a feed works: what a reload compares before and after.
struct FeedStanding: Sendable {
  /// Whether every connection stands.
  var isConnected: Bool
  /// Why it does not.
  var lastDisconnect: String?
  /// Books by their instrument: why it is not synchronised, nil when it is.
  var books: [Instrument: String?]
  /// What the exchange will not do, however long one waits: instrument and reason.
  var refusals: [Instrument: String]

  /// Books that were kept and were not as they should be.
  var unsynchronised: Set<Instrument> { Set(books.filter { $0.value != nil }.keys) }
}

extension FeedStanding {
  /// How the feed stands now.
  init(of feed: Feed) async {
    let sessions = await feed.reports()
    isConnected = !sessions.isEmpty && sessions.allSatisfy(\.isConnected)
    lastDisconnect = sessions.compactMap { $0.isConnected ? nil : $0.lastDisconnect }.first
    books = [:]
    refusals = [:]
    for session in sessions {
      for (instrument, words) in session.refusals {
        refusals[instrument] = "the exchange refused the subscription: \(words)"
      }
      for book in session.books {
        books[book.instrument] = .some(book.reason.map { reason in book.problem ?? reason })
        // A request that is wrong stays wrong; anything else may be tried again.
        if let problem = book.problem, problem.hasSuffix(" 400") || problem.hasSuffix(" 404") {
          refusals[book.instrument] = problem
        }
      }
    }
  }
}

/// What of a feed must work when a reload is over.
struct FeedExpectation: Sendable {
  /// Whether its connections must stand.
  var isConnected: Bool
  /// Whose books must be synchronised.
  var synchronised: Set<Instrument>
  /// What the exchange refused before: it need not be mended by a change of something else.
  private let refusedBefore: Set<Instrument>

  /// What worked before must work after, and what is new must work too; but nothing is asked of an exchange that was not
  /// reached before.
  ///
  /// - Parameters:
  ///   - before: how the entry stood; nil for a new one.
  ///   - followed: what it is to follow.
  ///   - keepsBooks: whether it is to keep books.
  ///   - isPaused: whether an operator keeps it from connecting.
  init(before: FeedStanding?, followed: [Instrument], keepsBooks: Bool, isPaused: Bool) {
    isConnected = !isPaused && before?.isConnected ?? true
    refusedBefore = Set((before?.refusals ?? [:]).keys)
    synchronised = keepsBooks && isConnected ? Set(followed).subtracting(before?.unsynchronised ?? []) : []
  }

  /// What is missing, each in a few words; empty when nothing is.
  func shortfalls(of standing: FeedStanding) -> [String] {
    guard isConnected else { return [] }
    var missing: [String] = []
    if !standing.isConnected { missing.append("not connected: \(standing.lastDisconnect ?? "no answer yet")") }
    let refusals = newRefusals(in: standing)
    for (instrument, reason) in sorted(refusals) { missing.append("\(instrument.venueSymbol): \(reason)") }
    guard standing.isConnected else { return missing }
    for instrument in synchronised.sorted(by: { $0.venueSymbol < $1.venueSymbol })
    where refusals[instrument] == nil {
      guard let book = standing.books[instrument] else {
        missing.append("\(instrument.venueSymbol): no order book")
        continue
      }
      if let reason = book { missing.append("\(instrument.venueSymbol): order book not synchronised: \(reason)") }
    }
    return missing
  }

  /// Whether waiting cannot mend it.
  func isHopeless(_ standing: FeedStanding) -> Bool { isConnected && !newRefusals(in: standing).isEmpty }

  private func newRefusals(in standing: FeedStanding) -> [Instrument: String] {
    standing.refusals.filter { !refusedBefore.contains($0.key) }
  }

  private func sorted(_ refusals: [Instrument: String]) -> [(Instrument, String)] {
    refusals.sorted { $0.key.venueSymbol < $1.key.venueSymbol }
  }
}
