import Feeds
import Testing

@Suite("The queue of snapshots")
struct SnapshotQueueTests {
  private let second: Int64 = 1_000_000_000

  @Test("a book that is wanted twice waits once, and its turn comes in order")
  func order() {
    var queue = SnapshotQueue()
    for place in [3, 1, 3] { queue.want(place, now: 0) }
    #expect(queue.next(now: 0) == 3)
    _ = queue.began(3)
    #expect(queue.next(now: 0) == 1)
    _ = queue.began(1)
    #expect(queue.next(now: 0) == nil)
  }

  @Test("no more than four are under way together")
  func bound() {
    var queue = SnapshotQueue()
    for place in 0..<6 { queue.want(place, now: 0) }
    for _ in 0..<4 {
      guard let place = queue.next(now: 0) else { break }
      _ = queue.began(place)
    }
    #expect(queue.inFlight == 4)
    #expect(queue.next(now: 0) == nil)
    #expect(queue.nextDue() == nil)
    queue.satisfied(0)
    #expect(queue.next(now: 0) == 4)
  }

  @Test("a failure is tried again after a delay that doubles, ten seconds at most")
  func delays() {
    var queue = SnapshotQueue()
    queue.want(7, now: 0)
    var delays: [Int64] = []
    for _ in 0..<8 {
      _ = queue.began(7)
      queue.failed(7, now: 0)
      delays.append((queue.nextDue() ?? -1) / 1_000_000)
    }
    #expect(delays == [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    #expect(queue.next(now: 9 * second) == nil)
    #expect(queue.next(now: 10 * second) == 7)
  }

  @Test("the answer for a symbol that was taken away and added again belongs to the book that is gone")
  func takenAwayAndAddedAgain() {
    var queue = SnapshotQueue()
    queue.want(2, now: 0)
    let old = queue.began(2)
    #expect(queue.awaits(old, for: 2))
    queue.satisfied(2)
    #expect(!queue.awaits(old, for: 2))
    queue.want(2, now: 0)
    #expect(!queue.awaits(old, for: 2))
    let new = queue.began(2)
    #expect(queue.awaits(new, for: 2))
    #expect(!queue.awaits(old, for: 2))
  }

  @Test("the answer asked for on a connection that is gone is not awaited on the next one")
  func connectionGone() {
    var queue = SnapshotQueue()
    queue.want(2, now: 0)
    let old = queue.began(2)
    queue.removeAll()
    queue.want(2, now: 0)
    let new = queue.began(2)
    #expect(!queue.awaits(old, for: 2))
    #expect(queue.awaits(new, for: 2))
    #expect(queue.inFlight == 1)
  }
}
