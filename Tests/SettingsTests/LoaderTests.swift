import Glibc
import Settings
import Testing

@Suite("Loading")
struct LoaderTests {
  @Test("every value that is set has its position, and a default has none")
  func positions() throws {
    let loaded = try loadText("nats:\n  url: nats://a\n  optional: ~\n" + oneExchange)
    #expect(try #require(loaded.position(of: "nats.url")) == ("t.yaml", 2, 8))
    #expect(try #require(loaded.position(of: "nats.urls")) == ("t.yaml", 2, 8))
    #expect(try #require(loaded.position(of: "exchanges[0].symbols")) == ("t.yaml", 4, 61))
    #expect(try #require(loaded.position(of: "exchanges[0].symbols[0]")) == ("t.yaml", 4, 62))
    #expect(loaded.position(of: "nats.optional") == nil)
    #expect(loaded.position(of: "collector.http_port") == nil)
  }

  @Test("columns count characters, not bytes")
  func columns() {
    #expect(
      errors("{\"é\": 1}") == [
        "t.yaml:1:1: exchanges: no exchange is configured; at least one entry is needed",
        "t.yaml:1:2: é: unknown key",
      ])
  }

  @Test("a missing file, a directory and a device are told apart")
  func files() {
    let cases = [
      ("/nonexistent/c.yaml", "/nonexistent/c.yaml: cannot be opened: No such file or directory"),
      ("/tmp", "/tmp: is a directory, not a file"),
      ("/dev/null", "/dev/null: is not a regular file"),
      ("", ": no usable file name"),
    ]
    for (file, message) in cases {
      guard case .failure(let failure) = SettingsLoader.load(file: file, supported: TestFiles.supported) else {
        Issue.record("\(file) was accepted")
        continue
      }
      #expect(failure.description == message)
    }
  }

  @Test(
    "an unreadable file is an error with the system's reason", .enabled(if: geteuid() != 0, "root reads everything"))
  func unreadable() throws {
    let path = "/tmp/settings-unreadable-\(getpid()).yaml"
    try TestFiles.write(oneExchange, to: path)
    defer { unlink(path) }
    chmod(path, 0)
    guard case .failure(let failure) = SettingsLoader.load(file: path, supported: TestFiles.supported) else {
      Issue.record("accepted")
      return
    }
    #expect(failure.description == "\(path): cannot be opened: Permission denied")
  }

  @Test("a pipe without a writer does not hold the loader up")
  func pipe() throws {
    let path = "/tmp/settings-pipe-\(getpid())"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    guard case .failure(let failure) = SettingsLoader.load(file: path, supported: TestFiles.supported) else {
      Issue.record("accepted")
      return
    }
    #expect(failure.description == "\(path): is not a regular file")
  }

  @Test("a byte order mark is read over, another encoding is named")
  func encodings() throws {
    _ = try loadText("\u{feff}" + oneExchange)
    for mark in [[0xff, 0xfe], [0xfe, 0xff], [0xff, 0xfe, 0, 0]] as [[UInt8]] {
      guard case .failure(let failure) = SettingsLoader.load(bytes: mark + [0x65, 0], name: "t", TestFiles.supported)
      else {
        Issue.record("accepted")
        continue
      }
      #expect(failure.description == "t:1:1: UTF-16; a configuration is UTF-8")
    }
  }

  @Test("a text over 1 MiB is refused, one of exactly 1 MiB is read")
  func size() throws {
    let room = (1 << 20) - oneExchange.utf8.count
    let full = oneExchange + String(repeating: "#", count: room)
    _ = try loadText(full)
    #expect(errors(full + "#") == ["t.yaml: larger than 1MiB (1048577 bytes)"])
  }

  @Test("64 levels are read, one more is refused, and a thousand do no harm")
  func depth() {
    let nested = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
    #expect(errors("x: \(nested(63))\n" + oneExchange) == ["t.yaml:1:1: x: unknown key"])
    #expect(errors("x: \(nested(64))\n" + oneExchange) == ["t.yaml:1:67: nested deeper than 64 levels"])
    #expect(errors("x: \(nested(5000))\n").count == 1)
  }

  @Test("a file of nothing but nonsense gives a bounded number of errors")
  func bounded() {
    let text = (0..<5000).map { "k\($0): 1\n" }.joined()
    let found = errors(text + oneExchange)
    #expect(found.count == 1001)
    #expect(found.last == "t.yaml: and 4000 more")
  }

  @Test("aliases within the bound are read, however often they repeat")
  func aliases() throws {
    let entries = (0..<200).map { "  - {name: n\($0), exchange: binance, market_type: spot, symbols: *s}\n" }.joined()
    let first = "  - {exchange: binance, market_type: spot, symbols: &s [BTCUSDT, ETHUSDT]}\n"
    #expect(try loadText("exchanges:\n" + first + entries).settings.exchanges.count == 201)
  }
}
