/// Which books of a session wait for a snapshot, which are being fetched, and when a failed one is tried again.
/// A value type without clock; `now` is monotonic nanoseconds.
struct SnapshotQueue: Sendable {
  /// Snapshots of one session that may be under way together.
  static let maximumInFlight = 4
  /// Between two tries of a book: this, doubled each time, up to ``longestDelay``.
  static let firstDelay: Int64 = 250_000_000
  static let longestDelay: Int64 = 10_000_000_000

  private struct Entry {
    var notBefore: Int64
    var failures = 0
    var isInFlight = false
  }

  private var entries: [Int: Entry] = [:]
  private var order: [Int] = []
  private(set) var inFlight = 0

  /// Whether nothing waits and nothing is under way.
  var isEmpty: Bool { entries.isEmpty }

  /// A book wants a snapshot; nothing happens when it waits for one already.
  mutating func want(_ place: Int, now: Int64) {
    guard entries[place] == nil else { return }
    entries[place] = Entry(notBefore: now)
    order.append(place)
  }

  /// The book whose turn it is; nil when none is due or enough are under way.
  func next(now: Int64) -> Int? {
    guard inFlight < Self.maximumInFlight else { return nil }
    return order.first { place in
      guard let entry = entries[place] else { return false }
      return !entry.isInFlight && entry.notBefore <= now
    }
  }

  /// When the next one is due; nil when nothing waits or enough are under way.
  func nextDue() -> Int64? {
    guard inFlight < Self.maximumInFlight else { return nil }
    return entries.values.filter { !$0.isInFlight }.map(\.notBefore).min()
  }

  /// Its request goes out.
  mutating func began(_ place: Int) {
    guard entries[place]?.isInFlight == false else { return }
    entries[place]?.isInFlight = true
    inFlight += 1
  }

  /// Its request ended, and the book is synchronised or no longer wants one.
  mutating func satisfied(_ place: Int) {
    end(place)
    entries[place] = nil
    order.removeAll { $0 == place }
  }

  /// Its request failed, or the snapshot was too old: try again after a delay that grows.
  mutating func failed(_ place: Int, now: Int64) {
    end(place)
    guard var entry = entries[place] else { return }
    entry.notBefore = now &+ min(Self.longestDelay, Self.firstDelay << Int64(min(entry.failures, 10)))
    entry.failures += 1
    entries[place] = entry
    order.removeAll { $0 == place }
    order.append(place)
  }

  private mutating func end(_ place: Int) {
    guard entries[place]?.isInFlight == true else { return }
    entries[place]?.isInFlight = false
    inFlight -= 1
  }

  /// The connection is gone; answers still under way are ignored by their epoch.
  mutating func removeAll() {
    entries.removeAll()
    order.removeAll()
    inFlight = 0
  }
}
