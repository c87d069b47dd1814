import Settings
import Testing

@Suite("The environment")
struct EnvironmentTests {
  @Test("NATS_URL, LOG_LEVEL and HTTP_PORT override the file")
  func overrides() throws {
    let text = "collector: {http_port: 1, log_level: error}\nnats: {url: nats://file}\n" + oneExchange
    let environment = ["NATS_URL": "nats://a, tls://b:1", "LOG_LEVEL": "DEBUG", "HTTP_PORT": "9000", "OTHER": "x"]
    let loaded = try loadText(text, environment: environment)
    #expect(loaded.settings.nats.urls == ["nats://a", "tls://b:1"])
    #expect(loaded.settings.collector.logLevel == .debug)
    #expect(loaded.settings.collector.httpPort == 9000)
    let position = try #require(loaded.position(of: "nats.urls"))
    #expect(position == ("environment:NATS_URL", 0, 0))
  }

  @Test("a bad value is an error with the variable as its place, after those of the file")
  func bad() {
    let environment = ["NATS_URL": "http://user:hunter2@a", "LOG_LEVEL": "loud", "HTTP_PORT": "70000"]
    #expect(
      errors("collector: {x: 1}\n" + oneExchange, environment: environment) == [
        "t.yaml:1:13: collector.x: unknown key",
        "environment:HTTP_PORT: collector.http_port: out of range: expected a whole number, 0…65535, found \"70000\"",
        "environment:LOG_LEVEL: collector.log_level: expected one of trace, debug, info, notice, warning, error, critical, "
          + "found \"loud\"",
        "environment:NATS_URL: nats.urls[0]: expected a URL that begins with nats:// or tls://, found \"http://***@a\"",
      ])
  }

  @Test("an empty variable counts as none")
  func empty() throws {
    let loaded = try loadText(oneExchange, environment: ["NATS_URL": "", "LOG_LEVEL": "", "HTTP_PORT": ""])
    #expect(loaded.settings.collector == .init())
    #expect(loaded.settings.nats == .init())
    #expect(loaded.position(of: "nats.urls") == nil)
  }

  @Test("every key outside the entries of lists and maps has a variable of its own, and takes its value")
  func everyKey() throws {
    let samples = [
      "collector.http_port": "9", "collector.log_level": "ERROR", "admin.socket": "/tmp/s", "http.address": "::1",
      "nats.url": "nats://x", "nats.urls": "nats://x, nats://y", "nats.optional": "no", "nats.subject": "legacy",
      "nats.spool.fsync": "never", "nats.grace": "7s",
    ]
    let rows = SettingsSchema.entries.compactMap { entry in entry.variable.map { (entry, $0) } }
    #expect(rows.count > 40 && Set(rows.map(\.1)).count == rows.count)
    for (entry, variable) in rows {
      #expect(variable == "MARKETPRISM_" + entry.pattern.uppercased().replacing(".", with: "_"))
      let key = entry.pattern
      let value = samples[key] ?? (entry.defaultText == "~" ? "" : entry.defaultText ?? "")
      let text = value.hasPrefix("[") && value != "[]" ? String(value.dropFirst().dropLast()) : value
      if text.isEmpty { continue }
      let loaded = try loadText(oneExchange, environment: [variable: text])
      #expect(loaded.source(of: key) == .environment(variable), "\(variable)")
      if let expected = samples[key] {
        let shown = try #require(SettingsDump.text(loaded.settings, at: key))
        let plain = shown.filter { !"[]\"".contains($0) }
        #expect(
          plain == (key == "nats.optional" ? "false" : key.hasSuffix("level") ? "error" : expected), "\(variable)")
      }
      let bad = errors(oneExchange, environment: [variable: "\u{7f}"])
      #expect(bad.count == 1 && bad.first?.hasPrefix("environment:\(variable): \(key)") == true, "\(bad)")
    }
  }

  @Test("a variable that stands for no key is a warning with the one that was meant, and its value is not told")
  func unknown() throws {
    let environment = [
      "MARKETPRISM_NATS_OPTINAL": "hunter2", "MARKETPRISM_BANANA": "hunter2", "MARKETPRISM_SOCKET": "/x", "NATS": "x",
    ]
    let loaded = try loadText(oneExchange, environment: environment)
    #expect(
      loaded.warnings.map(\.description) == [
        "environment:MARKETPRISM_BANANA: no key has this variable",
        "environment:MARKETPRISM_NATS_OPTINAL: no key has this variable (did you mean «MARKETPRISM_NATS_OPTIONAL»?)",
      ])
  }

  @Test("of a key's two variables ours stands, and a list of servers before the one server")
  func both() throws {
    let environment = [
      "NATS_URL": "nats://a", "MARKETPRISM_NATS_URLS": "nats://b,nats://c", "MARKETPRISM_NATS_URL": "nats://d",
    ]
    let loaded = try loadText("nats: {url: nats://file}\n" + oneExchange, environment: environment)
    #expect(loaded.settings.nats.urls == ["nats://b", "nats://c"])
    #expect(
      loaded.warnings.map(\.description).sorted() == [
        "environment:MARKETPRISM_NATS_URL: nats.url: ignored, because MARKETPRISM_NATS_URLS is set",
        "environment:NATS_URL: nats.urls: ignored, because MARKETPRISM_NATS_URLS is set",
      ])
    let one = try loadText(oneExchange, environment: ["MARKETPRISM_NATS_URL": "nats://d"])
    #expect(one.settings.nats.urls == ["nats://d"])
    #expect(one.source(of: "nats.urls") == .environment("MARKETPRISM_NATS_URL"))
  }

  @Test("references in variables are text, and a list can be emptied")
  func literal() throws {
    let environment = [
      "MARKETPRISM_PROXY_NO_PROXY": "${A}, b", "MARKETPRISM_ADMIN_ROLES_OPERATOR_GROUPS": "[]", "A": "x",
    ]
    let settings = try loadText(oneExchange, environment: environment).settings
    #expect(settings.proxy.noProxy == ["${A}", "b"])
    #expect(settings.admin.roles.operator.groups == [])
  }
}
