import Agent
import AdminProtocol
import MarketData
import Testing

@Suite("Lines of stats and watch")
struct CommandTextTests {
  @Test("stats gives a sample a line, values one below the other, and numbers as data")
  func stats() {
    let page = """
      # HELP a_total help
      # TYPE a_total counter
      a_total{reason="two words"} 12
      marketprism_longer_name_of_a_gauge 0.5

      """
    let reply = StatsText.reply(page)
    #expect(
      reply.body == [
        "a_total{reason=\"two words\"}        12",
        "marketprism_longer_name_of_a_gauge 0.5",
      ])
    let samples: JSONValue = .object([
      ("a_total{reason=\"two words\"}", 12), ("marketprism_longer_name_of_a_gauge", "0.5"),
    ])
    #expect(reply.data == ["samples": samples])
  }

  @Test("rates are by the clock, in all and for each entry, and a counter that began anew is no rate")
  func rates() {
    var old = RateSample(time: Timestamp(nanoseconds: 0), published: 10)
    old.rows = [.init(name: "a", received: 100, events: 50), .init(name: "b", received: 500, events: 0)]
    var new = RateSample(time: Timestamp(nanoseconds: 2_000_000_000), published: 30)
    new.rows = [.init(name: "a", received: 300, events: 150), .init(name: "b", received: 3, events: 1)]
    (new.sessions, new.sessionsUp, new.books, new.booksGood, new.lagMS) = (2, 1, 3, 2, 7)
    #expect(
      WatchText.line(from: old, to: new)
        == "1970-01-01T00:00:02Z received=100 events=51 published=10 sessions=1/2 books=2/3 lag_ms=7 a=100/50 b=0/1"
    )
  }

  @Test("an entry that is new is counted from nothing, and two samples of the same moment do not divide by nothing")
  func newEntry() {
    let moment = Timestamp(nanoseconds: 5)
    let old = RateSample(time: moment, published: 0)
    var new = RateSample(time: Timestamp(nanoseconds: 1_000_000_005), published: 0)
    new.rows = [.init(name: "a", received: 4, events: 2)]
    #expect(WatchText.line(from: old, to: new).hasSuffix(" a=4/2"))
    #expect(WatchText.line(from: old, to: old).contains("received=0 "))
  }
}
