import Settings
import Testing

@Suite("Drop-in files")
struct DropInTests {
  @Test("maps merge, lists and values replace, exchanges merge by name, and every position names its own file")
  func merge() throws {
    let directory = "\(TestFiles.directory)/good/drop-ins"
    let loaded = try SettingsLoader.load(file: "\(directory)/collector.yaml", supported: TestFiles.supported).get()
    let first = "\(directory)/collector.d/10-first.yaml"
    let second = "\(directory)/collector.d/20-second.yaml"
    #expect(loaded.files == ["\(directory)/collector.yaml", first, second])
    let expected = CollectorSettings(
      collector: .init(httpPort: 3), nats: .init(urls: ["nats://b", "nats://c"], grace: .seconds(7)),
      exchanges: [
        .init(symbols: ["SOLUSDT"], depthLimit: 5), .init(marketType: "perpetual", symbols: ["BTCUSDT"]),
      ])
    #expect(loaded.settings == expected)
    #expect(try #require(loaded.position(of: "collector.http_port")) == (second, 1, 24))
    #expect(try #require(loaded.position(of: "exchanges[0].symbols")) == (first, 6, 35))
    #expect(try #require(loaded.position(of: "nats.grace")) == ("\(directory)/collector.yaml", 2, 30))
  }

  @Test("errors name the file they are in, the main file first, then the others in the C locale's order")
  func bad() {
    let directory = "\(TestFiles.directory)/bad/drop-ins"
    let result = SettingsLoader.load(file: "\(directory)/collector.yaml", supported: TestFiles.supported)
    guard case .failure(let failure) = result else {
      Issue.record("accepted")
      return
    }
    let lines = failure.errors.map { $0.description.replacing("\(directory)/", with: "") }
    #expect(
      lines == [
        "collector.yaml:1:24: collector.http_port: expected a whole number, 0…65535, found \"eight\"",
        "collector.d/B.yaml:1:24: collector.log_level: expected one of trace, debug, info, notice, warning, error, "
          + "critical, found \"loud\"",
        "collector.d/B.yaml:3:5: exchanges[0].market_type: is required: one of spot, perpetual, futures, options",
        "collector.d/B.yaml:3:5: exchanges[0].symbols: is required: \(symbolList)",
        "collector.d/a.yaml:1:13: collector.log_levl: unknown key (did you mean «log_level»?)",
      ])
  }

  private let symbolList = "a list, every item a symbol (without spaces or any of . * > , ; ? & # %)"

  @Test("a text that is no file has none")
  func text() throws {
    let path = "\(TestFiles.directory)/good/drop-ins/collector.yaml"
    let text = String(decoding: try TestFiles.read(path), as: UTF8.self)
    let loaded = try SettingsLoader.load(text: text, name: path, supported: TestFiles.supported).get()
    #expect(loaded.settings.collector.httpPort == 1)
  }
}
