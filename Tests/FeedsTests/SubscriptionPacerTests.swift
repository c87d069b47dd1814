import Feeds
import MarketData
import Testing
import Venues

@Suite("The pace of subscriptions")
struct SubscriptionPacerTests {
  private let second: Int64 = 1_000_000_000
  private let pause = SubscriptionPacer.pause

  private func instruments(_ symbols: String...) throws -> [Instrument] {
    try symbols.map { try #require(BinanceVenue().instrument($0, market: .spot)) }
  }

  private func open(_ instruments: [Instrument]) -> SubscriptionPacer {
    var pacer = SubscriptionPacer()
    pacer.opened(with: instruments)
    return pacer
  }

  @Test("a change goes at once: first what is taken away, then what is added")
  func atOnce() throws {
    var pacer = open(try instruments("BTCUSDT", "ETHUSDT"))
    let step = pacer.step(wanted: try instruments("ETHUSDT", "SOLUSDT"), now: 5)
    #expect(
      step
        == .send([
          .init(id: 2, change: .unsubscribe, instruments: try instruments("BTCUSDT")),
          .init(id: 3, change: .subscribe, instruments: try instruments("SOLUSDT")),
        ]))
    #expect(pacer.step(wanted: try instruments("ETHUSDT", "SOLUSDT"), now: 6) == .nothing)
  }

  @Test("changes within the pause are gathered into one round, and what came and went is never sent")
  func gathered() throws {
    var pacer = open(try instruments("BTCUSDT"))
    guard case .send = pacer.step(wanted: try instruments("BTCUSDT", "ETHUSDT"), now: 0) else {
      Issue.record("the first change did not go at once")
      return
    }
    #expect(
      pacer.step(wanted: try instruments("BTCUSDT", "SOLUSDT"), now: pause / 4)
        == .wait(.nanoseconds(pause - pause / 4)))
    #expect(pacer.step(wanted: try instruments("BTCUSDT", "ETHUSDT"), now: pause / 2) == .nothing)
    #expect(pacer.step(wanted: try instruments("BTCUSDT", "XRPUSDT"), now: pause - 1) == .wait(.nanoseconds(1)))
    guard case .send(let requests) = pacer.step(wanted: try instruments("BTCUSDT", "XRPUSDT"), now: pause) else {
      Issue.record("nothing went after the pause")
      return
    }
    #expect(requests.map(\.instruments) == [try instruments("ETHUSDT"), try instruments("XRPUSDT")])
  }

  @Test("however fast changes come, no second sees more than two messages, and the end is what was wanted last")
  func storm() throws {
    let all = try instruments("BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "ADAUSDT")
    var pacer = open([all[0]])
    var carried: Set<Instrument> = [all[0]]
    var sent: [Int64] = []
    var generator = SplitMix(state: 11)
    var wanted = carried
    for tick in 0..<1000 {
      let now = Int64(tick) * second / 100
      if tick < 850 { wanted = Set(all.filter { _ in Bool.random(using: &generator) }) }
      guard case .send(let requests) = pacer.step(wanted: all.filter(wanted.contains), now: now) else { continue }
      for request in requests {
        sent.append(now)
        // A venue is never asked twice for the same thing.
        if request.change == .subscribe {
          #expect(carried.isDisjoint(with: request.instruments))
          carried.formUnion(request.instruments)
        } else {
          #expect(carried.isSuperset(of: request.instruments))
          carried.subtract(request.instruments)
        }
      }
    }
    #expect(carried == wanted)
    #expect(sent.count > 8)
    for start in sent { #expect(sent.count { $0 >= start && $0 <= start + second } <= 2) }
  }

  @Test("a new connection asks for everything in its address, so only what changed since goes, and at once")
  func reconnected() throws {
    var pacer = open(try instruments("BTCUSDT"))
    _ = pacer.step(wanted: try instruments("ETHUSDT"), now: 0)
    pacer.closed()
    #expect(pacer.step(wanted: try instruments("SOLUSDT"), now: 1) == .nothing)
    pacer.opened(with: try instruments("SOLUSDT"))
    #expect(pacer.step(wanted: try instruments("SOLUSDT"), now: 2) == .nothing)
    guard case .send(let requests) = pacer.step(wanted: try instruments("BTCUSDT", "SOLUSDT"), now: 3) else {
      Issue.record("nothing went")
      return
    }
    #expect(requests.map(\.change) == [.subscribe])
  }

  @Test("an answer is known by its request, once")
  func answers() throws {
    var pacer = open([])
    guard case .send(let requests) = pacer.step(wanted: try instruments("BTCUSDT"), now: 0) else {
      Issue.record("nothing went")
      return
    }
    #expect(pacer.answered(99) == nil)
    #expect(pacer.answered(requests[0].id) == requests[0])
    #expect(pacer.answered(requests[0].id) == nil)
  }
}
