import MarketData

/// The latest events, numbered, in a bounded ring: a reader that comes too late learns how many it has missed.
package struct EventRing: Sendable {
  /// An event with its place in the order of all events.
  package struct Entry: Sendable, Equatable {
    /// Counts from 1.
    package var number: Int
    /// When it was told.
    package var time: Timestamp
    /// What happened.
    package var event: AgentEvent
  }

  /// Events kept.
  package let capacity: Int
  /// The number of the newest event; 0 before the first.
  package private(set) var newest = 0
  private var entries: [Entry] = []

  /// An empty ring.
  package init(capacity: Int = 1024) {
    self.capacity = max(1, capacity)
    entries.reserveCapacity(self.capacity)
  }

  /// Keeps an event in place of the oldest.
  package mutating func append(_ event: AgentEvent, at time: Timestamp) {
    newest += 1
    let entry = Entry(number: newest, time: time, event: event)
    if entries.count < capacity { entries.append(entry) } else { entries[(newest - 1) % capacity] = entry }
  }

  /// What came after the event with this number, and how many of those are kept no more.
  package func after(_ number: Int) -> (entries: [Entry], lost: Int) {
    let wanted = max(0, newest - max(0, number))
    let kept = min(wanted, entries.count)
    let found = (newest - kept..<newest).map { entries[$0 % capacity] }
    return (found, wanted - kept)
  }
}
