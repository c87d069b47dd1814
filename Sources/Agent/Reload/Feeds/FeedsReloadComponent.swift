import Feeds
import MarketData
import Settings

/// The feeds in a reload: entries that are new or are opened anew stand, with their books synchronised and nothing of them
/// published, before the old ones give way to them; entries that go on are changed in place.
struct FeedsReloadComponent: ReloadComponent {
  static let name = "feeds"

  var name: String { Self.name }

  private let roster: FeedRoster
  private let factory: FeedFactory

  init(roster: FeedRoster, factory: FeedFactory) {
    self.roster = roster
    self.factory = factory
  }

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    let plan = FeedPlan(change)
    guard !plan.isEmpty else { return nil }
    let old = Dictionary(roster.feeds.map { ($0.configuration.name, $0) }) { first, _ in first }
    let settled = Dictionary(change.old.exchanges.map { ($0.name, $0) }) { first, _ in first }
    let new = Dictionary(change.new.exchanges.map { ($0.name, $0) }) { first, _ in first }
    var moves: [FeedMove] = []
    for entry in plan.entries {
      let present = old[entry.name]
      let before: FeedStanding? = if let present { await FeedStanding(of: present) } else { nil }
      moves.append(
        FeedMove(
          entry: entry, old: present, before: before, oldSettings: settled[entry.name], settings: new[entry.name]))
    }
    let prepared = PreparedFeeds(roster: roster, moves: try await open(moves, change))
    do throws(ReloadFailure) {
      try await prepared.awaitOpened(until: change.deadline)
    } catch {
      await prepared.discard()
      throw error
    }
    return prepared
  }

  /// Dials what is new, all of it at once.
  private func open(_ moves: [FeedMove], _ change: ReloadChange) async throws(ReloadFailure) -> [FeedMove] {
    var opened = moves
    for index in opened.indices {
      guard opened[index].entry.step == .open || opened[index].entry.step == .replace,
        let settings = opened[index].settings
      else { continue }
      guard let feed = factory.feed(for: settings, settings: change.new, isMuted: true), roster.admit(feed) else {
        await roster.dismiss(opened.compactMap(\.opened))
        throw ReloadFailure(
          component: Self.name, keyPath: opened[index].entry.keyPath,
          "\(settings.name) cannot be opened: the exchange is not known, an address is none, or the collector is stopping"
        )
      }
      opened[index].opened = feed
      feed.start()
    }
    return opened
  }
}

/// One entry on its way from the old settings to the new.
struct FeedMove: Sendable {
  /// What becomes of it.
  let entry: FeedPlan.Entry
  /// The feed in force; nil for a new entry.
  let old: Feed?
  /// How it stood before anything was done.
  let before: FeedStanding?
  /// The old settings; nil for a new entry.
  let oldSettings: CollectorSettings.Exchange?
  /// The new settings; nil for an entry that goes.
  let settings: CollectorSettings.Exchange?
  /// The feed beside the old one; nil for an entry that goes on or goes.
  var opened: Feed?

  /// The feed when the change is in force; nil for an entry that goes.
  var new: Feed? { entry.step == .close ? nil : opened ?? old }
  /// What the old settings follow.
  var oldInstruments: [Instrument] { oldSettings.map(FeedFactory.instruments(of:)) ?? [] }
  /// What the new settings follow.
  var newInstruments: [Instrument] { settings.map(FeedFactory.instruments(of:)) ?? [] }

  /// What must work when the reload is over.
  var expectation: FeedExpectation {
    FeedExpectation(
      before: before, followed: newInstruments, keepsBooks: new?.configuration.keepsBooks ?? false,
      isPaused: new?.isPaused ?? false)
  }
}
