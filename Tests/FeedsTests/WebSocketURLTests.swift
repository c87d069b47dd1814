import Feeds
import Testing

@Suite("A WebSocket URL")
struct WebSocketURLTests {
  @Test("takes the scheme's port when none is written")
  func ports() throws {
    #expect(try WebSocketURL("ws://host").port == 80)
    #expect(try WebSocketURL("wss://host").port == 443)
    #expect(try WebSocketURL("WSS://stream.binance.com:9443/ws").port == 9443)
  }

  @Test("cuts host, path and query")
  func parts() throws {
    let url = try WebSocketURL("wss://stream.binance.com:9443/stream?streams=btcusdt@trade/ethusdt@depth@100ms")
    #expect(url.isSecure)
    #expect(url.host == "stream.binance.com")
    #expect(url.path == "/stream")
    #expect(url.query == "streams=btcusdt@trade/ethusdt@depth@100ms")
    #expect(try WebSocketURL("ws://h?a=1").path == "/")
  }

  @Test("reads IPv6 addresses and writes them back in brackets")
  func addresses() throws {
    let url = try WebSocketURL("ws://[::1]:9001/x")
    #expect(url.host == "::1")
    #expect(url.port == 9001)
    #expect("\(url)" == "ws://[::1]:9001/x")
  }

  @Test("joins paths with one slash and queries with an ampersand")
  func appending() throws {
    let base = try WebSocketURL("ws://h:1/base/?k=1")
    let joined = try base.appending(path: "/stream", query: "streams=a")
    #expect(joined.path == "/base/stream")
    #expect(joined.query == "k=1&streams=a")
    #expect(try WebSocketURL("ws://h").appending(path: "ws").path == "/ws")
    #expect(throws: WebSocketURLError.self) { try base.appending(path: "a b") }
    #expect(throws: WebSocketURLError.self) { try base.appending(path: "a?b") }
  }

  @Test("never shows its query, which may be a key")
  func secrecy() throws {
    #expect(try "\(WebSocketURL("wss://h/private/ws?listenKey=secret"))" == "wss://h/private/ws")
  }

  @Test(
    "says what is wrong",
    arguments: [
      ("", "scheme is missing"), ("host:80", "scheme is missing"), ("http://h", "must be ws or wss"),
      ("ws://", "host is missing"), ("ws://:80", "host is missing"), ("ws://h:0", "port"), ("ws://h:65536", "port"),
      ("ws://h:", "port"), ("ws://h:+80", "port"), ("ws://h:99999999999999999999", "port"),
      ("ws://u:p@h", "user name"), ("ws://h/#x", "fragment"), ("ws://h#x", "fragment"),
      ("ws://[::1", "closing bracket"), ("ws://[host]", "no IPv6"), ("ws://[]", "no IPv6"),
      ("ws://[::1]x", "after the host"),
      ("ws://h/a b", "percent-encoded"), ("ws://h/\r\nX: y", "percent-encoded"), ("ws://h/?é", "percent-encoded"),
      ("ws://ho st", "letters"), ("ws://höst", "letters"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: WebSocketURLError.self) { try WebSocketURL(text) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }
}
