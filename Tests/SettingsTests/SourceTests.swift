import Settings
import Testing

@Suite("Where values come from")
struct SourceTests {
  @Test("a value in a file names its place, one of the environment its variable, a default says so")
  func sources() throws {
    let text = "nats:\n  url: nats://a\n  spool:\n    max_age: 1h\n" + oneExchange
    let loaded = try loadText(text, environment: ["HTTP_PORT": "9"])
    #expect(loaded.source(of: "nats.url") == .file("t.yaml", line: 2, column: 8))
    #expect(loaded.source(of: "nats.urls") == .file("t.yaml", line: 2, column: 8))
    #expect(loaded.source(of: "nats") == .file("t.yaml", line: 1, column: 1))
    #expect(loaded.source(of: "collector.http_port") == .environment("HTTP_PORT"))
    #expect(loaded.source(of: "collector.log_level") == .builtIn)
    #expect(loaded.source(of: "http") == .builtIn)
    #expect(loaded.source(of: "exchanges[0].symbols")?.description == "t.yaml:5:61")
    #expect(loaded.source(of: "exchanges[binance-spot].symbols")?.description == "t.yaml:5:61")
    #expect(loaded.source(of: "exchanges[0].depth_limit")?.description == "built-in")
    #expect(loaded.source(of: "collector.http_port")?.description == "environment:HTTP_PORT")
    #expect(loaded.source(of: "collector.http_prt") == nil)
    #expect(loaded.source(of: "exchanges[1].symbols") == nil)
  }

  @Test("a list of servers is also the source of the one it holds")
  func alias() throws {
    let loaded = try loadText("nats: {urls: [nats://a]}\n" + oneExchange)
    #expect(loaded.source(of: "nats.url") == .file("t.yaml", line: 1, column: 14))
  }

  @Test("every key that has a value has a source")
  func everyKey() throws {
    let loaded = try SettingsLoader.load(file: TestFiles.shipped, supported: TestFiles.supported).get()
    let paths = try #require(SettingsKeys.paths(in: loaded.settings))
    #expect(paths.count > 60)
    for path in paths {
      #expect(loaded.source(of: path) != nil, "\(path)")
      #expect(SettingsDump.text(loaded.settings, at: path) != nil, "\(path)")
    }
    #expect(
      SettingsKeys.paths(in: loaded.settings, below: "nats.tls") == [
        "nats.tls.ca_file", "nats.tls.cert_file", "nats.tls.key_file",
      ])
    #expect(SettingsKeys.paths(in: loaded.settings, below: "nats.tsl") == nil)
  }

  @Test("a key that was mistyped is guessed, with the index or name that was written")
  func nearest() {
    let cases: [(String, String?)] = [
      ("nats.optinal", "nats.optional"), ("nats.url", nil), ("optional", "nats.optional"), ("natz", "nats"),
      ("exchanges[3].symbol", "exchanges[3].symbols"),
      ("exchanges[okx-spot].stale-after", "exchanges[okx-spot].stale_after"),
      ("symbols", "exchanges[0].symbols"), ("nats.streams.S.max_ag", "nats.streams.S.max_age"),
      ("nats.spol.fsync", "nats.spool.fsync"), ("exchange", "exchanges"), ("banana.split", nil), ("", nil),
      ("nats.delivery.trades", "nats.delivery.trade"),
    ]
    for (written, meant) in cases { #expect(SettingsKeys.nearest(to: written) == meant, "\(written)") }
  }

  @Test("a fragment lies over the file and its drop-ins, and is named as it is called")
  func fragment() throws {
    let directory = "\(TestFiles.directory)/good/drop-ins"
    let fragment = SettingsFragment(name: "stdin", text: Array("collector: {http_port: 9}\n".utf8))
    let loaded = try SettingsLoader.load(
      file: "\(directory)/collector.yaml", supported: TestFiles.supported, fragment: fragment
    ).get()
    #expect(loaded.settings.collector.httpPort == 9)
    #expect(loaded.source(of: "collector.http_port")?.description == "stdin:1:24")
    #expect(loaded.files.last == "stdin")
    let bad = SettingsFragment(name: "stdin", text: Array("collector: {http_port: x, y: 1}\n".utf8))
    guard
      case .failure(let failure) = SettingsLoader.load(
        file: "\(directory)/collector.yaml", supported: TestFiles.supported, fragment: bad)
    else {
      Issue.record("accepted")
      return
    }
    #expect(
      failure.errors.map(\.description) == [
        "stdin:1:24: collector.http_port: expected a whole number, 0…65535, found \"x\"",
        "stdin:1:27: collector.y: unknown key",
      ])
  }
}
