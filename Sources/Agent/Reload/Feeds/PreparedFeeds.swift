import Feeds
import MarketData
import Settings
import Synchronization
import Venues

/// The feeds that a reload has opened, and what it is going to change of those that go on.
///
/// 1. `commit` mutes what goes or is replaced and lets the new be heard from exactly where the old had come; symbols that go
/// are kept in silence. 2. `revert` is the same the other way round: nothing was closed. 3. `finish` closes and unsubscribes.
final class PreparedFeeds: PreparedComponent {
  /// What closing takes again that could not be opened in time.
  private static let closingTime = Duration.seconds(1)
  /// Between two looks at what is not yet as it should be.
  private static let pollInterval = Duration.milliseconds(20)

  private let roster: FeedRoster
  private let moves: [FeedMove]
  private let previous: [Feed]
  /// The limits that were in force, by the entry's name.
  private let tunings: [String: FeedTuning]
  /// How far the entries that went had come.
  private let gone = Mutex<[String: [Instrument: PublicationMarks]]>([:])

  init(roster: FeedRoster, moves: [FeedMove]) {
    self.roster = roster
    self.moves = moves
    previous = roster.feeds
    tunings = Dictionary(previous.map { ($0.configuration.name, $0.configuration.tuning) }) { first, _ in first }
  }

  private var opened: [Feed] { moves.compactMap(\.opened) }

  /// Waits until everything that was opened works as well as what it replaces.
  func awaitOpened(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) {
    try await settle(
      moves.filter { $0.opened != nil }, until: deadline - Self.closingTime, "could not be opened beside what runs")
  }

  func commit() async {
    for move in moves {
      // Given up, and put back already: nothing more must change.
      if Task.isCancelled { return }
      switch move.entry.step {
      case .untouched: break
      case .adjust(let follows, let tunes):
        guard let feed = move.old, let settings = move.settings else { continue }
        if tunes { await feed.tune(FeedFactory.tuning(of: settings)) }
        if follows { await feed.follow(move.newInstruments, retaining: move.oldInstruments) }
      case .replace, .open:
        let marks = await move.old?.mute() ?? [:]
        await move.opened?.unmute(after: marks)
      case .close:
        let marks = await move.old?.mute() ?? [:]
        gone.withLock { $0[move.entry.name] = marks }
      }
    }
    if Task.isCancelled { return }
    roster.put(moves.compactMap(\.new))
  }

  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] {
    let touched = moves.filter { $0.entry.step != .untouched && $0.entry.step != .close }
    try await settle(touched, until: deadline, "does not work as it did before")
    return touched.filter { !$0.expectation.isConnected }.map {
      "\($0.entry.name): was not connected before, so nothing could be verified"
    }
  }

  func revert() async {
    for move in moves {
      switch move.entry.step {
      case .untouched: break
      case .adjust(let follows, let tunes):
        guard let feed = move.old else { continue }
        if tunes, let tuning = tunings[move.entry.name] { await feed.tune(tuning) }
        if follows { await feed.follow(move.oldInstruments) }
      case .replace, .open:
        let marks = await move.opened?.mute() ?? [:]
        await move.old?.unmute(after: marks)
      case .close:
        let marks = gone.withLock { $0[move.entry.name] ?? [:] }
        await move.old?.unmute(after: marks)
      }
    }
    roster.put(previous)
    await roster.dismiss(opened)
  }

  func discard() async {
    await roster.dismiss(opened)
  }

  func finish() async {
    for move in moves
    where move.entry.step == .adjust(follows: true, tunes: false)
      || move.entry.step == .adjust(follows: true, tunes: true)
    {
      await move.old?.follow(move.newInstruments)
    }
    await roster.dismiss(moves.compactMap { $0.old === $0.new ? nil : $0.old })
  }

  /// Waits until each of these works as it must, all of them at once.
  private func settle(
    _ moves: [FeedMove], until deadline: ContinuousClock.Instant, _ complaint: String
  ) async throws(ReloadFailure) {
    for move in moves {
      guard let feed = move.new else { continue }
      let expectation = move.expectation
      while true {
        let standing = await FeedStanding(of: feed)
        let missing = expectation.shortfalls(of: standing)
        if missing.isEmpty { break }
        guard !expectation.isHopeless(standing), ContinuousClock.now < deadline, !Task.isCancelled else {
          let some = missing.prefix(5).joined(separator: "; ")
          let more = missing.count > 5 ? "; and \(missing.count - 5) more" : ""
          throw ReloadFailure(
            component: FeedsReloadComponent.name, keyPath: move.entry.keyPath,
            "\(move.entry.name) \(complaint): \(some)\(more)")
        }
        try? await Task.sleep(for: Self.pollInterval)
      }
    }
  }
}
