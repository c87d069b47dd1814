import Agent
import MarketData
import Testing

@Suite("The ring of events")
struct EventRingTests {
  private func ring(capacity: Int, events: Int) -> EventRing {
    var ring = EventRing(capacity: capacity)
    for number in 0..<events {
      ring.append(.natsUp(server: "\(number + 1)"), at: Timestamp(nanoseconds: Int64(number)))
    }
    return ring
  }

  @Test("a reader gets what came after the last event it has seen, in order")
  func order() {
    let ring = ring(capacity: 8, events: 5)
    #expect(ring.newest == 5)
    #expect(ring.after(3).entries.map(\.event.text) == ["4", "5"])
    #expect(ring.after(3).lost == 0)
    #expect(ring.after(5).entries.isEmpty)
  }

  @Test("a reader that comes too late is told how many events it has missed", arguments: [8, 9, 23])
  func lost(events: Int) {
    let news = ring(capacity: 8, events: events).after(0)
    #expect(news.entries.map(\.number) == Array(events - 7...events))
    #expect(news.entries.map(\.event.text) == (events - 7...events).map(String.init))
    #expect(news.lost == events - 8)
  }

  @Test("a number from the future or below nothing is no reason to fall over")
  func nonsense() {
    let ring = ring(capacity: 4, events: 3)
    #expect(ring.after(99).entries.isEmpty)
    #expect(ring.after(-5).entries.count == 3)
    #expect(ring.after(-5).lost == 0)
  }
}
