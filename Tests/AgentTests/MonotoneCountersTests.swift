import Testing

@testable import Agent

@Suite("Counters whose parts vanish")
struct MonotoneCountersTests {
  @Test("a sum goes on from where it was seen last when a part of it vanishes, each counter by itself")
  func vanishing() {
    var counters = MonotoneCounters()
    #expect([39, 40, 12, 12, 15, 3].map { counters.total("gaps", $0) } == [39, 40, 40, 40, 43, 43])
    #expect(counters.total("received", 7) == 7)
    #expect(counters.total("gaps", 4) == 44)
  }
}
