import Agent
import Testing

@Suite("Overrides")
struct OverrideTableTests {
  private func pause(_ value: String = "paused", reason: String? = nil, at: Int64 = 1, until: Int64? = nil)
    -> ActiveOverride
  {
    ActiveOverride(
      key: .exchange("binance-spot"), value: value, by: "uid 7", reason: reason, setAt: at, until: until)
  }

  @Test("the same word again changes nothing, and who said it first stays")
  func same() {
    var table = OverrideTable()
    #expect(table.set(pause(reason: "why")) == true)
    #expect(table.set(pause(at: 2)) == false)
    #expect(table.set(pause(reason: "why", at: 2)) == false)
    #expect(table[.exchange("binance-spot")]?.setAt == 1)
    #expect(table[.exchange("binance-spot")]?.reason == "why")
  }

  @Test("another value, another reason or another end is a change")
  func different() {
    var table = OverrideTable()
    #expect(table.set(pause()) == true)
    #expect(table.set(pause("other", at: 2)) == true)
    #expect(table.set(pause("other", reason: "why", at: 3)) == true)
    #expect(table.set(pause("other", at: 4, until: 9)) == true)
    #expect(table.set(pause("other", at: 5, until: 9)) == false)
    #expect(table.all.count == 1)
  }

  @Test("an override ends when its time is over, and not before")
  func expiry() {
    var table = OverrideTable()
    _ = table.set(pause(until: 10))
    _ = table.set(ActiveOverride(key: .drain, value: "true", by: "uid 0", reason: nil, setAt: 1, until: nil))
    let early = table.expire(at: 9)
    let due = table.expire(at: 10)
    #expect(early.isEmpty)
    #expect(due.map(\.key) == [.exchange("binance-spot")])
    #expect(table.all.map(\.key.text) == ["drain"])
    let removed = table.remove(.drain)
    let again = table.remove(.drain)
    #expect(removed?.by == "uid 0")
    #expect(again == nil)
  }

  @Test("an override says in one line what, by whom, when, until when and why")
  func text() {
    let override = ActiveOverride(
      key: .logLevel(label: "feeds"), value: "debug", by: "uid 7", reason: "a look", setAt: 0, until: 60_000_000_000)
    #expect(
      override.text
        == "log_level.feeds=debug by uid 7 at 1970-01-01T00:00:00Z until 1970-01-01T00:01:00Z: a look")
  }
}
