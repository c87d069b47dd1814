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
}
