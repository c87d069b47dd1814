/// Which books of a session wait for a snapshot, which are being fetched, and when a failed one is tried again.
/// A value type without clock; `now` is monotonic nanoseconds.
package struct SnapshotQueue: Sendable {
  /// Snapshots of one session that may be under way together.
  static let maximumInFlight = 4
  /// Between two tries of a book: this, doubled each time, up to ``longestDelay``.
  static let firstDelay: Int64 = 250_000_000
  static let longestDelay: Int64 = 10_000_000_000

  private struct Entry {
    var notBefore: Int64
    var failures = 0
    /// Names the request under way; nil while none is.
    var ticket: Int?
    var isInFlight: Bool { ticket != nil }
  }

  private var entries: [Int: Entry] = [:]
  private var order: [Int] = []
  private var tickets = 0
  package private(set) var inFlight = 0

  /// Creates an empty queue.
  package init() {}

  /// A book wants a snapshot; nothing happens when it waits for one already.
  package mutating func want(_ place: Int, now: Int64) {
    guard entries[place] == nil else { return }
    entries[place] = Entry(notBefore: now)
    order.append(place)
  }

  /// The book whose turn it is; nil when none is due or enough are under way.
  package func next(now: Int64) -> Int? {
    guard inFlight < Self.maximumInFlight else { return nil }
    return order.first { place in
      guard let entry = entries[place] else { return false }
      return !entry.isInFlight && entry.notBefore <= now
    }
  }

  /// When the next one is due; nil when nothing waits or enough are under way.
  package func nextDue() -> Int64? {
    guard inFlight < Self.maximumInFlight else { return nil }
    return entries.values.filter { !$0.isInFlight }.map(\.notBefore).min()
  }

  /// Its request goes out.
  ///
  /// - Returns: a ticket that the answer is known by.
  package mutating func began(_ place: Int) -> Int {
    tickets &+= 1
    if let entry = entries[place], !entry.isInFlight {
      entries[place]?.ticket = tickets
      inFlight += 1
    }
    return tickets
  }

  /// Whether the answer to the request with this ticket is still wanted: neither the connection nor the book that it
  /// was asked for has been given up meanwhile.
  package func awaits(_ ticket: Int, for place: Int) -> Bool { entries[place]?.ticket == ticket }

  /// The book is synchronised, or no longer wants a snapshot; an answer under way is no longer awaited.
  package mutating func satisfied(_ place: Int) {
    end(place)
    entries[place] = nil
    order.removeAll { $0 == place }
  }

  /// Its request failed, or the snapshot was too old: try again after a delay that grows.
  package mutating func failed(_ place: Int, now: Int64) {
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
    entries[place]?.ticket = nil
    inFlight -= 1
  }

  /// The connection is gone; no answer under way is awaited any more.
  package mutating func removeAll() {
    entries.removeAll()
    order.removeAll()
    inFlight = 0
  }
}
