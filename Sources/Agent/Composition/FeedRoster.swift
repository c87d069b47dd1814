import Feeds
import Synchronization

/// The feeds of the process: those in force, in the order of the configuration, and beside them those that a reload has
/// opened and not yet put in force, or taken out of force and not yet closed.
final class FeedRoster: Sendable {
  private struct State {
    var inForce: [Feed]
    var others: [Feed] = []
    var isClosed = false
  }

  private let state: Mutex<State>

  init(_ feeds: [Feed]) {
    state = Mutex(State(inForce: feeds))
  }

  /// The feeds in force.
  var feeds: [Feed] { state.withLock { $0.inForce } }

  /// Those in force and those beside them.
  var all: [Feed] { state.withLock { $0.inForce + $0.others } }

  /// Takes in a feed that is not in force.
  ///
  /// - Returns: false when everything is being stopped: it must not be started then.
  func admit(_ feed: Feed) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.others.append(feed)
      return true
    }
  }

  /// Puts exactly these in force; those that were and are not any more stay beside them until they are dismissed.
  func put(_ feeds: [Feed]) {
    state.withLock { state in
      state.others = (state.inForce + state.others).filter { feed in !feeds.contains { $0 === feed } }
      state.inForce = feeds
    }
  }

  /// Closes feeds that are not in force.
  func dismiss(_ feeds: [Feed]) async {
    await withTaskGroup(of: Void.self) { group in
      for feed in feeds { group.addTask { await feed.stop() } }
    }
    state.withLock { state in state.others.removeAll { feed in feeds.contains { $0 === feed } } }
  }

  /// Closes every feed for good.
  func close() async {
    let all = state.withLock { state in
      state.isClosed = true
      return state.inForce + state.others
    }
    await withTaskGroup(of: Void.self) { group in
      for feed in all { group.addTask { await feed.stop() } }
    }
  }
}
