import Settings
import Testing

@Suite("The difference of two settings")
struct DiffTests {
  private typealias Exchange = CollectorSettings.Exchange
  private let spot = Exchange(symbols: ["BTCUSDT"])
  private let perpetual = Exchange(marketType: "perpetual", symbols: ["BTCUSDT"])

  @Test("the same settings differ in nothing, whatever the order of the exchanges")
  func same() {
    let old = CollectorSettings(exchanges: [spot, perpetual])
    let new = CollectorSettings(exchanges: [perpetual, spot])
    #expect(SettingsDiff.changes(from: old, to: old).isEmpty)
    #expect(SettingsDiff.changes(from: old, to: new).isEmpty)
  }

  @Test("a changed symbol list is hot and names the entry and its place in the new file")
  func symbols() {
    var more = perpetual
    more.symbols.append("ETHUSDT")
    let changes = SettingsDiff.changes(
      from: CollectorSettings(exchanges: [perpetual]), to: CollectorSettings(exchanges: [spot, more]))
    #expect(
      changes == [
        SettingsChange(
          keyPath: "exchanges[0]", exchange: "binance-spot", reloadClass: .rebuild, old: "", new: "binance-spot"),
        SettingsChange(
          keyPath: "exchanges[1].symbols", exchange: "binance-perpetual", reloadClass: .hot, old: "[BTCUSDT]",
          new: "[BTCUSDT, ETHUSDT]"),
      ])
  }

  @Test("an entry that went is named with the index it had")
  func removed() {
    let changes = SettingsDiff.changes(
      from: CollectorSettings(exchanges: [spot, perpetual]), to: CollectorSettings(exchanges: [spot]))
    #expect(
      changes == [
        SettingsChange(
          keyPath: "exchanges[1]", exchange: "binance-perpetual", reloadClass: .rebuild, old: "binance-perpetual",
          new: "")
      ])
  }

  @Test("classes follow the schema: the admin socket restarts, addresses rebuild, its policy and the log level are hot")
  func classes() {
    var new = CollectorSettings(exchanges: [spot])
    new.collector.httpPort = 9
    new.collector.logLevel = .trace
    new.admin.socket = "/tmp/x"
    new.http.address = "::1"
    new.nats.urls = ["nats://user:hunter2@h"]
    new.nats.optional = false
    new.nats.grace = .seconds(90)
    new.nats.subject = "legacy"
    new.exchanges[0].depthLimit = 20
    let changes = SettingsDiff.changes(from: CollectorSettings(exchanges: [spot]), to: new)
    let shown = changes.map { "\($0.keyPath) \($0.reloadClass.rawValue) \($0.old) \($0.new)" }
    #expect(
      shown == [
        "collector.http_port rebuild 8081 9", "collector.log_level hot info trace",
        "admin.socket restart /run/marketprism/collector.sock /tmp/x", "http.address rebuild 127.0.0.1 ::1",
        "nats.urls rebuild [nats://localhost:4222] [nats://***@h]", "nats.optional hot true false",
        "nats.grace hot 5s 90s", "nats.subject rebuild current legacy", "exchanges[0].depth_limit hot 1000 20",
      ])
  }

  @Test("every key of the schema that is no list of entries shows up when it changes")
  func everyKey() throws {
    let path = "\(TestFiles.directory)/good/everything.yaml"
    let loaded = try SettingsLoader.load(file: path, supported: TestFiles.supported).get()
    let plain = CollectorSettings(exchanges: [.init(name: "one", exchange: "okx")])
    let changed = Set(SettingsDiff.changes(from: plain, to: loaded.settings).map(\.keyPath))
    for entry in SettingsSchema.entries where !entry.pattern.contains("*") {
      let keyPath = entry.pattern.replacing("[]", with: "[0]")
      if keyPath == "nats.url" || keyPath == "exchanges[0].name" || keyPath == "exchanges[0].enabled" { continue }
      #expect(changed.contains(keyPath), "\(keyPath)")
    }
  }
}
