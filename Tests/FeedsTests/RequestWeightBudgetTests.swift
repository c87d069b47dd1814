import Feeds
import Testing

@Suite("A request weight budget")
struct RequestWeightBudgetTests {
  private let second: Int64 = 1_000_000_000

  @Test("lets go until the limit, then says how long to wait")
  func limit() {
    var budget = RequestWeightBudget(limit: 100)
    #expect(budget.request(weight: 60, now: 0) == .go)
    #expect(budget.request(weight: 40, now: 10 * second) == .go)
    #expect(budget.request(weight: 1, now: 20 * second) == .wait(.seconds(41)))
    #expect(budget.request(weight: 61, now: 20 * second) == .wait(.seconds(51)))
    #expect(budget.request(weight: 60, now: 61 * second) == .go)
    #expect(budget.used(now: 61 * second) == 100)
  }

  @Test("no minute, wherever it begins, sees more than the limit")
  func sliding() {
    var budget = RequestWeightBudget(limit: 50)
    var generator = SplitMix(state: 3)
    var sent: [(at: Int64, weight: Int)] = []
    var now: Int64 = 0
    for _ in 0..<3000 {
      let weight = Int.random(in: 1...20, using: &generator)
      switch budget.request(weight: weight, now: now) {
      case .go: sent.append((now, weight))
      case .wait(let wait):
        #expect(wait > .zero && wait <= .seconds(61))
        now += wait.clampedNanoseconds
      }
      now += Int64.random(in: 0...(2 * second), using: &generator)
    }
    for (index, first) in sent.enumerated() {
      let minute = sent[index...].prefix { $0.at < first.at + 60 * second }
      #expect(minute.map(\.weight).reduce(0, +) <= 50)
    }
    #expect(sent.count > 500)
  }

  @Test("counts what the venue reports beyond our own for a minute")
  func foreign() {
    var budget = RequestWeightBudget(limit: 100)
    #expect(budget.request(weight: 10, now: 0) == .go)
    budget.responded(status: 200, usedWeight: 95, retryAfter: nil, now: second)
    #expect(budget.used(now: second) == 95)
    #expect(budget.request(weight: 10, now: second) == .wait(.seconds(60)))
    #expect(budget.request(weight: 10, now: 62 * second) == .go)
  }

  @Test("pauses after 429 and 418 for Retry-After, or for a minute and five minutes, never for ever")
  func pauses() {
    var budget = RequestWeightBudget(limit: 100)
    budget.responded(status: 429, usedWeight: nil, retryAfter: .seconds(7), now: 0)
    #expect(budget.request(weight: 1, now: 0) == .wait(.seconds(7)))
    #expect(budget.request(weight: 1, now: 7 * second) == .go)
    budget.responded(status: 429, usedWeight: nil, retryAfter: nil, now: 10 * second)
    #expect(budget.request(weight: 1, now: 10 * second) == .wait(.seconds(60)))
    budget.responded(status: 418, usedWeight: nil, retryAfter: .seconds(90), now: 10 * second)
    #expect(budget.request(weight: 1, now: 10 * second) == .wait(.seconds(90)))
    budget.responded(status: 418, usedWeight: nil, retryAfter: nil, now: 10 * second)
    #expect(budget.request(weight: 1, now: 10 * second) == .wait(.seconds(300)))
    budget.responded(status: 418, usedWeight: nil, retryAfter: .seconds(9_999_999_999), now: 10 * second)
    #expect(budget.request(weight: 1, now: 10 * second) == .wait(.seconds(3 * 86_400)))
    #expect(budget.refusals == 5)
  }

  @Test("survives absurd numbers and a clock that jumps")
  func absurd() {
    var budget = RequestWeightBudget(limit: 100)
    budget.responded(status: 200, usedWeight: .max, retryAfter: nil, now: 0)
    budget.responded(status: 200, usedWeight: .min, retryAfter: nil, now: 0)
    #expect(budget.request(weight: .max, now: 0) != .go)
    #expect(budget.request(weight: .max, now: 61 * second) == .go)
    #expect(budget.request(weight: -5, now: 60 * second) == .go)
    #expect(budget.request(weight: 100, now: .max / 2) == .go)
  }
}
