import MarketData
import NIOCore
import Venues

/// What can be changed while a feed runs.
extension Feed {
  /// Follows exactly these instruments from now on; connections and books of instruments that stay are not touched.
  ///
  /// - Parameter retained: instruments that, when they are followed now, are kept in silence instead of given up:
  ///   nothing of them is published and shown, and a later `follow` can take them up again as if nothing had been.
  public func follow(_ instruments: [Instrument], retaining retained: [Instrument] = []) async {
    let running = runningSessions
    var carried: Set<Instrument> = []
    for session in running { carried.formUnion((try? await session.loop.submit { session.carried }.get()) ?? []) }
    // What any session carries stays where it is; the rest goes where there is room.
    var waiting = instruments.filter { !carried.contains($0) }
    for session in running {
      let offered = waiting
      let adopted = session.loop.submit {
        Self.adopt(session, wanted: instruments, retained: retained, waiting: offered)
      }
      waiting = (try? await adopted.get()) ?? offered
    }
    await closeEmptySessions()
    if !waiting.isEmpty { open(waiting) }
  }

  /// Takes from the session what is not wanted and gives it what fits; on its loop.
  ///
  /// - Returns: the instruments that still wait for a session.
  private static func adopt(
    _ session: FeedSession, wanted: [Instrument], retained: [Instrument], waiting: [Instrument]
  ) -> [Instrument] {
    let carried = session.carried
    let (wantedSet, retainedSet) = (Set(wanted), Set(retained))
    let unwanted = carried.filter { !wantedSet.contains($0) }
    let silent = unwanted.filter(retainedSet.contains)
    let removed = unwanted.filter { !retainedSet.contains($0) }
    var wish = session.configuration.wish
    wish.instruments = wanted
    let room = session.configuration.venue.instrumentsPerConnection(wish) - (carried.count - removed.count)
    // A session whose every instrument goes is closed rather than filled anew.
    let added = unwanted.count == carried.count ? [] : Array(waiting.prefix(max(0, room)))
    session.change(adding: added, removing: removed, silent: silent)
    return Array(waiting.dropFirst(added.count))
  }

  private func closeEmptySessions() async {
    for session in runningSessions {
      let isEmpty = (try? await session.loop.submit { session.carried.isEmpty }.get()) ?? false
      if isEmpty { await close(session) }
    }
  }

  /// Changes what can change while the connections stay as they are.
  public func tune(_ tuning: FeedTuning) async {
    for session in retune(tuning) { try? await session.loop.submit { session.tune(tuning) }.get() }
  }

  /// Nothing of this feed is published from here on, until ``unmute(after:)``; its connections and books go on.
  ///
  /// - Returns: how far the publishing of each instrument has come, for the feed that takes its place.
  public func mute() async -> [Instrument: PublicationMarks] {
    var marks: [Instrument: PublicationMarks] = [:]
    for session in setMuted(true) {
      let ofSession = (try? await session.loop.submit { session.mute() }.get()) ?? [:]
      marks.merge(ofSession) { first, _ in first }
    }
    return marks
  }

  /// Publishes from here on, in the place of the feed that these marks are from: nothing that it has published, and all
  /// that it has not, as far as this one had received it at most a second before.
  public func unmute(after marks: [Instrument: PublicationMarks]) async {
    for session in setMuted(false) { try? await session.loop.submit { session.unmute(after: marks) }.get() }
  }
}
