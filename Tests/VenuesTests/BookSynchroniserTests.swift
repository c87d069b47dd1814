import MarketData
import Testing
import Venues

/// A change without levels.
func change(_ first: Int64, _ last: Int64, previous: Int64? = nil) -> DepthHeader {
  DepthHeader(
    firstUpdateID: first, lastUpdateID: last, previousUpdateID: previous, eventTimeMS: nil, bids: 0..<0, asks: 0..<0)
}

@Suite("Book synchroniser of spot")
struct SpotSynchroniserTests {
  private func synchronised(at id: Int64) -> BookSynchroniser {
    var machine = BookSynchroniser(rule: .firstFollowsLast)
    _ = machine.receiveSnapshot(id: id, kept: [])
    return machine
  }

  @Test("a machine begins unsynchronised and keeps changes for the snapshot")
  func beginning() {
    var machine = BookSynchroniser(rule: .firstFollowsLast)
    #expect(!machine.isSynchronised)
    #expect(!machine.hasBuffered)
    #expect(machine.receive(change(1, 5)) == .buffer)
    #expect(machine.receive(change(6, 6)) == .buffer)
    #expect(machine.hasBuffered)
    #expect(!machine.isSynchronised)
  }

  @Test("the first change behind a snapshot must reach back to it: U <= id + 1 <= u")
  func firstChange() {
    for (first, last, verdict) in [
      (101, 105, BookSynchroniser.Verdict.apply), (90, 101, .apply), (101, 101, .apply), (100, 101, .apply),
      (90, 100, .dropDuplicate), (50, 60, .dropDuplicate), (102, 105, .gap),
    ] as [(Int64, Int64, BookSynchroniser.Verdict)] {
      var machine = synchronised(at: 100)
      #expect(machine.receive(change(first, last)) == verdict, "\(first)…\(last)")
    }
  }

  @Test("every later change must begin at the last id plus one")
  func laterChanges() {
    for (first, last, verdict) in [
      (106, 110, BookSynchroniser.Verdict.apply), (101, 105, .dropDuplicate), (105, 106, .gap), (107, 110, .gap),
    ] as [(Int64, Int64, BookSynchroniser.Verdict)] {
      var machine = synchronised(at: 100)
      #expect(machine.receive(change(101, 105)) == .apply)
      #expect(machine.receive(change(first, last)) == verdict, "\(first)…\(last)")
      #expect(machine.isSynchronised == (verdict != .gap))
    }
  }

  @Test("a snapshot is accepted from the first kept change that ends behind it")
  func snapshotAmongKept() {
    for (id, verdict) in [
      (100, BookSynchroniser.SnapshotVerdict.accept(firstKept: 0)), (103, .accept(firstKept: 0)),
      (105, .accept(firstKept: 1)), (107, .accept(firstKept: 1)), (110, .accept(firstKept: 2)),
      (500, .accept(firstKept: 2)), (99, .tooOld), (1, .tooOld),
    ] as [(Int64, BookSynchroniser.SnapshotVerdict)] {
      var machine = BookSynchroniser(rule: .firstFollowsLast)
      #expect(machine.receiveSnapshot(id: id, kept: [change(101, 105), change(106, 110)]) == verdict, "\(id)")
      #expect(machine.isSynchronised == (verdict != .tooOld))
      if verdict != .tooOld { #expect(machine.position == max(id, 110)) }
    }
  }

  @Test("a hole within the kept changes asks for a newer snapshot and tells where it is")
  func hole() {
    var machine = BookSynchroniser(rule: .firstFollowsLast)
    let kept = [change(101, 105), change(107, 110)]
    #expect(machine.receiveSnapshot(id: 100, kept: kept) == .hole(before: 1))
    #expect(!machine.isSynchronised)
    #expect(machine.receiveSnapshot(id: 106, kept: kept) == .accept(firstKept: 1))
  }

  @Test("after a snapshot newer than all kept changes, one that reaches back is taken only once")
  func reachingBackOnce() {
    var machine = BookSynchroniser(rule: .firstFollowsLast)
    #expect(machine.receiveSnapshot(id: 200, kept: [change(101, 105)]) == .accept(firstKept: 1))
    #expect(machine.receive(change(150, 210)) == .apply)
    #expect(machine.receive(change(205, 220)) == .gap)
  }

  @Test("a snapshot nobody waits for changes nothing")
  func unwanted() {
    var machine = synchronised(at: 100)
    #expect(machine.receiveSnapshot(id: 500, kept: []) == .notWanted)
    #expect(machine.position == 100)
  }

  @Test("ids at the end of Int64 do not trap")
  func extremes() {
    var machine = synchronised(at: .max)
    #expect(machine.receive(change(.min, .max)) == .apply || !machine.isSynchronised || machine.position == .max)
    #expect(machine.receive(change(0, 5)) == .dropDuplicate)
    var other = synchronised(at: .min)
    _ = other.receive(change(.max, .max))
  }
}

@Suite("Book synchroniser of USD-M")
struct PerpetualSynchroniserTests {
  private func synchronised(at id: Int64) -> BookSynchroniser {
    var machine = BookSynchroniser(rule: .namesPrevious)
    _ = machine.receiveSnapshot(id: id, kept: [])
    return machine
  }

  @Test("the first change behind a snapshot spans it, or continues it directly: pu == id")
  func firstChange() {
    for (first, last, previous, verdict) in [
      (95, 105, 90, BookSynchroniser.Verdict.apply), (103, 105, 100, .apply), (100, 105, 99, .apply),
      (95, 100, 90, .dropDuplicate), (60, 70, 50, .dropDuplicate), (103, 105, 101, .gap),
    ] as [(Int64, Int64, Int64, BookSynchroniser.Verdict)] {
      var machine = synchronised(at: 100)
      #expect(
        machine.receive(change(first, last, previous: previous)) == verdict, "\(first)…\(last) behind \(previous)")
    }
  }

  @Test("a gap in pu makes the book unsynchronised, and the change behind the gap is the first one kept")
  func gap() {
    var machine = synchronised(at: 100)
    #expect(machine.receive(change(101, 105, previous: 100)) == .apply)
    #expect(machine.receive(change(120, 125, previous: 119)) == .gap)
    #expect(!machine.isSynchronised)
    #expect(machine.hasBuffered)
    #expect(machine.receive(change(126, 130, previous: 125)) == .buffer)
    #expect(
      machine.receiveSnapshot(id: 127, kept: [change(120, 125, previous: 119), change(126, 130, previous: 125)])
        == .accept(firstKept: 1))
    #expect(machine.position == 130)
  }

  @Test("once behind the snapshot, a change that spans the position no longer bridges")
  func bridgesOnce() {
    var machine = synchronised(at: 100)
    #expect(machine.receive(change(95, 105, previous: 90)) == .apply)
    #expect(machine.receive(change(95, 110, previous: 90)) == .gap)
  }

  @Test("while waiting, a repeated or older change is dropped and one that does not continue starts anew")
  func waiting() {
    var machine = BookSynchroniser(rule: .namesPrevious)
    #expect(machine.receive(change(1, 5, previous: 0)) == .buffer)
    #expect(machine.receive(change(1, 5, previous: 0)) == .dropDuplicate)
    #expect(machine.receive(change(6, 9, previous: 5)) == .buffer)
    #expect(machine.receive(change(1, 5, previous: 0)) == .dropDuplicate)
    #expect(machine.receive(change(15, 20, previous: 14)) == .bufferAnew)
    #expect(machine.receive(change(21, 22, previous: 20)) == .buffer)
  }

  @Test("a change that names no previous id never continues a book")
  func withoutPrevious() {
    var machine = synchronised(at: 100)
    #expect(machine.receive(change(101, 105)) == .gap)
    var waiting = BookSynchroniser(rule: .namesPrevious)
    #expect(waiting.receiveSnapshot(id: 100, kept: [change(101, 105)]) == .tooOld)
  }

  @Test("a lost book forgets its position and what it kept")
  func lose() {
    var machine = synchronised(at: 100)
    machine.lose(streamGoesOn: false)
    #expect(!machine.isSynchronised)
    #expect(machine.receive(change(200, 210, previous: 199)) == .buffer)
    machine.lose(streamGoesOn: false)
    #expect(!machine.hasBuffered)
  }
}
