@testable import Agent
import Settings
import Testing

@Suite("The plan of the feeds")
struct FeedPlanTests {
  private typealias Exchange = CollectorSettings.Exchange

  private func plan(
    _ old: CollectorSettings, _ change: (inout CollectorSettings) -> Void
  ) -> FeedPlan {
    var new = old
    change(&new)
    return FeedPlan(
      ReloadChange(
        old: old, new: new, changes: SettingsDiff.changes(from: old, to: new), deadline: .now))
  }

  private var two: CollectorSettings {
    CollectorSettings(exchanges: [
      Exchange(symbols: ["BTCUSDT"]), Exchange(marketType: "perpetual", symbols: ["BTCUSDT"], dataTypes: ["trade"]),
    ])
  }

  private func steps(_ change: (inout CollectorSettings) -> Void) -> [FeedPlan.Step] {
    plan(two, change).entries.map(\.step)
  }

  @Test("only the entry that changed is touched")
  func untouched() {
    #expect(steps { _ in } == [.untouched, .untouched])
    #expect(plan(two) { $0.collector.logLevel = .debug }.isEmpty)
    #expect(plan(two) { $0.exchanges.reverse() }.isEmpty)
    #expect(steps { $0.exchanges[0].symbols = ["ETHUSDT"] } == [.adjust(follows: true, tunes: false), .untouched])
    #expect(steps { $0.exchanges[1].staleAfter = .seconds(9) } == [.untouched, .adjust(follows: false, tunes: true)])
  }

  @Test("symbols and limits together adjust; with an address beside them the entry is opened anew")
  func together() {
    #expect(
      steps {
        $0.exchanges[0].symbols = ["ETHUSDT"]
        $0.exchanges[0].depthLimit = 20
      } == [.adjust(follows: true, tunes: true), .untouched])
    let plan = plan(two) {
      $0.exchanges[0].symbols = ["ETHUSDT"]
      $0.exchanges[0].wsURL = "ws://other"
    }
    #expect(plan.entries[0] == .init(name: "binance-spot", keyPath: "exchanges[0].ws_url", step: .replace))
  }

  @Test("entries come and go by their name and by being enabled")
  func entries() {
    #expect(steps { $0.exchanges[1].enabled = false } == [.untouched, .close])
    #expect(steps { $0.exchanges.removeFirst() } == [.untouched, .close])
    let added = plan(two) { $0.exchanges.append(Exchange(name: "more", symbols: ["ETHUSDT"])) }
    #expect(added.entries.last == .init(name: "more", keyPath: "exchanges[2]", step: .open))
    #expect(steps { $0.exchanges[0].name = "other" } == [.open, .untouched, .close])
    var disabled = two
    disabled.exchanges[0].enabled = false
    #expect(plan(disabled) { $0.exchanges[0].symbols = ["ETHUSDT"] }.isEmpty)
    #expect(plan(disabled) { $0.exchanges[0].enabled = true }.entries.map(\.step) == [.open, .untouched])
  }

  @Test("what all entries share opens those anew that it concerns")
  func shared() {
    #expect(steps { $0.nats.subject = "legacy" } == [.replace, .replace])
    // The second collects no order books.
    #expect(steps { $0.collector.enableOrderbookManager = false } == [.replace, .untouched])
  }

  @Test("the demands and the schema's reload classes say the same of every key")
  func classes() {
    let entries = SettingsSchema.entries.filter { $0.pattern.hasPrefix("exchanges[].") }
    #expect(Set(FeedPlan.demands.keys) == Set(entries.map { String($0.pattern.dropFirst("exchanges[].".count)) }))
    for entry in entries {
      let demand = FeedPlan.demands[String(entry.pattern.dropFirst("exchanges[].".count))]
      switch demand {
      case .follow, .tune: #expect(entry.reload == .hot, "\(entry.pattern)")
      case .replace, .nothing: #expect(entry.reload == .rebuild, "\(entry.pattern)")
      case nil: Issue.record("\(entry.pattern) is in no row")
      }
    }
  }

  @Test("every key that is used and needs no restart belongs to a component, and the two here carry out what is theirs")
  func ownership() {
    let feeds = FeedsReloadComponent.name
    for entry in SettingsSchema.entries where entry.used && entry.reload != .restart {
      let component = ReloadComponentTable.component(of: entry.pattern.replacing("[]", with: "[0]"))
      #expect(component.map(ReloadComponentTable.order.contains) == true, "\(entry.pattern)")
      #expect((component == "values") == ValuesReloadComponent.keys.contains(entry.pattern), "\(entry.pattern)")
      guard component == feeds else { continue }
      let isShared = ["nats.subject", "collector.enable_orderbook_manager"].contains(entry.pattern)
      #expect(isShared || entry.pattern.hasPrefix("exchanges[]."), "\(entry.pattern)")
    }
  }
}
