import Testing
import Venues

@Suite("How data arrives")
struct ArrivalStatisticsTests {
  private let second: Int64 = 1_000_000_000

  @Test("the least lag forgets what is older than two windows")
  func window() {
    var arrivals = ArrivalStatistics()
    #expect(arrivals.leastLagMS == nil)
    func note(at seconds: Int64, lag: Int64) {
      arrivals.note(receivedNS: seconds * second, eventTimeMS: seconds * 1000 - lag)
    }
    note(at: 100, lag: 5)
    note(at: 101, lag: 50)
    #expect(arrivals.leastLagMS == 5)
    note(at: 111, lag: 40)
    #expect(arrivals.leastLagMS == 5)
    note(at: 122, lag: 60)
    #expect(arrivals.leastLagMS == 40)
    note(at: 200, lag: 70)
    #expect(arrivals.leastLagMS == 70)
    #expect(arrivals.lastLagMS == 70)
    #expect(arrivals.events == 5)
  }

  @Test("events without a time are counted and say nothing of the lag, and no time traps")
  func odd() {
    var arrivals = ArrivalStatistics()
    arrivals.note(receivedNS: second, eventTimeMS: nil)
    #expect(arrivals.lastReceivedNS == second && arrivals.lastLagMS == nil)
    for time in [Int64.min, .max, 0] { arrivals.note(receivedNS: .max, eventTimeMS: time) }
    arrivals.note(receivedNS: .min, eventTimeMS: .max)
    #expect(arrivals.events == 5)
  }
}
