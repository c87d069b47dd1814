import Settings
import Testing

@Suite("The dump of the effective settings")
struct DumpTests {
  private static let supported = TestFiles.supported

  @Test("the unredacted dump of every good file loads as the same settings", arguments: TestFiles.names(in: "good"))
  func roundTrip(name: String) throws {
    let path = "\(TestFiles.directory)/good/\(name).yaml"
    let loaded = try SettingsLoader.load(file: path, supported: Self.supported).get()
    let text = try #require(SettingsDump.text(loaded.settings, redacting: false))
    let again = try loadText(text)
    #expect(again.settings == loaded.settings)
    #expect(SettingsDump.text(again.settings, redacting: false) == text)
  }

  @Test("a key leads to its value, a section to its keys, an entry is found by index and by name")
  func keys() throws {
    let text = "nats: {urls: [nats://a, nats://b], spool: {max_age: 2h}, streams: {S: {replicas: 3}}}\n" + oneExchange
    let settings = try loadText(text).settings
    func shown(_ keyPath: String) -> String? { SettingsDump.text(settings, at: keyPath) }
    #expect(shown("nats.optional") == "true")
    #expect(shown("nats.urls") == "[nats://a, nats://b]")
    #expect(shown("nats.urls[1]") == "nats://b")
    #expect(shown("nats.url") == "~")
    #expect(shown("nats.spool") == "max_bytes: 1GiB\nmax_age: 2h\nfsync: interval")
    #expect(shown("nats.streams.S.replicas") == "3")
    #expect(shown("nats.delivery") == "{}")
    #expect(shown("exchanges[0].symbols") == "[BTCUSDT]")
    #expect(shown("exchanges[binance-spot].depth_limit") == "1000")
    #expect(shown("exchanges[0].ws_url") == "~")
    #expect(shown("exchanges")?.hasPrefix("- name: binance-spot\n  exchange: binance\n") == true)
    for none in [
      "nats.optinal", "exchanges[1]", "exchanges[x].name", "nats.urls[2]", "nats.streams.T", "", ".", "a..b",
    ] {
      #expect(shown(none) == nil, "\(none)")
    }
    #expect(SettingsDump.text(.init(), at: "nats.url") == "nats://localhost:4222")
  }

  @Test("texts that YAML readers could take for something else are quoted, and come back as they were")
  func texts() throws {
    let texts = [
      "a: b", "# no comment", " x ", "no", "1e5", "0x1F", "null", "~", "*", "&a", "a\\\"b", "[x]", "{y}", "x:", "é",
      "${HOME}", "$${x}", "$$${x}", "a${",
      "$", "$$", "a\u{85}b", "\u{feff}", "\u{2028}", "比特", "-", "@x", "a,b", "%",
    ]
    let settings = CollectorSettings(exchanges: [.init(symbols: ["BTCUSDT"])], proxy: .init(noProxy: texts))
    let text = try #require(SettingsDump.text(settings, redacting: false))
    #expect(try loadText(text).settings == settings)
  }

  @Test("passwords, tokens and queries are not in the redacted dump")
  func secrets() throws {
    let path = "\(TestFiles.directory)/good/everything.yaml"
    let loaded = try SettingsLoader.load(file: path, supported: Self.supported).get()
    let text = try #require(SettingsDump.text(loaded.settings))
    #expect(!text.contains("secret") && text.contains("nats://***@"))
    #expect(SettingsDump.text(loaded.settings, redacting: false)?.contains("secret") == true)
  }

  @Test(
    "whatever a password holds, nothing of it is in a dump, a difference or an error, wherever the URL stands",
    arguments: ["hunter2", "hun?ter2", "hun#ter2", "hun/ter2", "hun@ter2", "hun:ter2", "hun?t@er#2"])
  func passwords(password: String) throws {
    let url = "//user:\(password)@h.example:4222"
    for scheme in ["nats", "tls", "http", "ws", "wss", "https"] {
      for key in [
        "nats: {url: \"X\"}", "nats: {urls: [\"X\"]}", "nats: {urls: \"X\"}", "nats: {optional: X}", "nats: X",
        "nats: {client_name: \"X\"}", "nats: {subject: \"X\"}", "http: {address: \"X\"}", "proxy: {http_proxy: \"X\"}",
        "collector: {http_port: \"X\"}", "collector: {log_level: \"X\"}", "nats: {grace: \"X\", spool: {max_bytes: X}}",
        "nats: {url: \"X\", urls: [\"X\", \"X\"]}",
      ] {
        let text = key.replacing("X", with: "\(scheme):\(url)") + "\n" + oneExchange
        let result = SettingsLoader.load(text: text, name: "t.yaml", supported: Self.supported)
        let shown =
          switch result {
          case .success(let loaded):
            try #require(SettingsDump.text(loaded.settings))
              + "\(SettingsDiff.changes(from: .init(), to: loaded.settings)) \(loaded.warnings)"
          case .failure(let failure): failure.description
          }
        for piece in ["hun", "ter2", "er#2", "user:"] { #expect(!shown.contains(piece), "\(text): \(shown)") }
      }
    }
  }
}
