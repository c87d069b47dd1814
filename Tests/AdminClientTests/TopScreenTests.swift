import AdminClient
import AdminProtocol
import Testing

@Suite("The screen of top")
struct TopScreenTests {
  private static let start = ContinuousClock.now

  private func sample(seconds: Int, received: Int64 = 0, books: Int = 2, hostile: String = "") -> TopSample {
    let rows: [JSONValue] = (0..<books).map { number in
      number == 1
        ? [
          "exchange": "binance", "market_type": "spot", "symbol": "ETH-USDT", "synchronised": false,
          "reason": .string("gap\(hostile)"), "gaps": 2,
        ]
        : [
          "exchange": "binance", "market_type": "spot", "symbol": .string("BTC\(number)-USDT"), "synchronised": true,
          "best_bid": "61837.63000000", "best_ask": "61837.64000000", "lag_ms": .int(12), "gaps": 1,
        ]
    }
    let status: JSONValue = [
      "version": "0.1.0", "uptime_seconds": 3725,
      "nats": [
        "state": "up", "optional": true, "policy_source": "file", "server_url": "nats://localhost:4222",
        "events": ["published": .int(received * 2), "no_nats": 0], "pending_bytes": 2048,
      ],
    ]
    let health: JSONValue = [
      "state": "degraded", "ready": true,
      "checks": [
        "config": ["status": "pass", "observed_value": "committed"],
        "orderbooks": ["status": "warn", "observed_value": .string("1/2 synchronised\(hostile)")],
      ],
    ]
    let sessions: JSONValue = [
      "sessions": [
        [
          "name": "binance-spot/1", "connected": true, "state": "open", "messages_received": .int(received),
          "last_message_ms": 29, "reconnects": 1, "books": 2, "books_synchronised": 1,
        ],
        [
          "name": "binance-perpetual/1", "connected": false, "state": "waiting",
          "last_disconnect": .string("refused\(hostile)"),
        ],
      ]
    ]
    let replies: [JSONValue] = [status, health, sessions, ["books": .array(rows)]].map {
      ["generation": 7, "data": $0]
    }
    return TopSample(time: Self.start + .seconds(seconds), replies: replies)
  }

  private func screen(_ columns: Int, _ rows: Int, books: Int = 2, hostile: String = "") -> TopScreen {
    var screen = TopScreen(columns: columns, rows: rows, colours: false)
    screen.previous = sample(seconds: 0, received: 1000, books: books, hostile: hostile)
    screen.sample = sample(seconds: 2, received: 1500, books: books, hostile: hostile)
    return screen
  }

  private func plain(_ lines: [String]) -> [String] {
    lines.map { $0.replacing("\u{1B}[7m", with: "").replacing("\u{1B}[0m", with: "") }
  }

  @Test("at 80×24 everything is to be read")
  func standard() {
    let lines = plain(screen(80, 24).lines)
    let shown = lines.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    #expect(
      shown == [
        " MarketPrism 0.1.0   degraded, ready   generation 7                     up 1h2m",
        " warn orderbooks: 1/2 synchronised",
        "",
        " NATS up, optional (file)   nats://localhost:4222   outbox 2 KiB",
        " events published 3000 (500/s)   gaps 3   lag 12 ms",
        "",
        " SESSION                         STATE    MSG/S    TOTAL     LAST  RECON  BOOKS",
        " binance-spot/1                   open      250     1500    29 ms      1    1/2",
        " binance-perpetual/1: refused  waiting        -        -        -      -    -/-",
        " BOOK                                      BID              ASK      LAG   GAPS",
        " binance spot ETH-USDT: not synchronised, gap",
        " binance spot BTC0-USDT         61837.63000000   61837.64000000    12 ms      1",
      ] + Array(repeating: "", count: 11) + [" q quits   space pauses"])
  }

  @Test("every size is filled exactly, whatever the texts hold", arguments: [2, 3, 40, 400])
  func sizes(books: Int) {
    for columns in [20, 40, 79, 80, 132, 300] {
      for rows in [4, 5, 8, 12, 24, 60] {
        let lines = plain(screen(columns, rows, books: books, hostile: "\u{1B}[2J\r\n日本語\u{7F}").lines)
        #expect(lines.count == rows)
        for line in lines {
          #expect(DisplayWidth.of(line) == columns, "\(columns)×\(rows): \(line)")
          #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(line)")
        }
      }
    }
  }

  @Test("what there is no room for is counted, and books that are wrong stay in sight")
  func many() {
    let lines = plain(screen(80, 24, books: 400).lines)
    #expect(lines.contains { $0.hasPrefix(" binance spot ETH-USDT: not synchronised") })
    #expect(lines.contains { $0.hasPrefix(" … 388 more") }, "\(lines.joined(separator: "\n"))")
  }

  @Test("without a collector the reason stands in the place of the figures")
  func problem() {
    var empty = TopScreen(columns: 80, rows: 24, colours: false)
    empty.problem = "cannot connect to /run/x: nobody listens there"
    #expect(plain(empty.lines).contains { $0.hasPrefix(" cannot connect to /run/x") })
    var old = screen(80, 24)
    old.problem = "timed out"
    #expect(plain(old.lines).contains { $0.hasPrefix(" what follows is old: timed out") })
  }

  @Test("colours and their absence")
  func colours() {
    var coloured = TopScreen(columns: 80, rows: 24, colours: true)
    coloured.sample = sample(seconds: 1)
    #expect(coloured.lines.first?.hasPrefix("\u{1B}[33m MarketPrism") == true)
    #expect(!screen(80, 24).lines.joined().contains("\u{1B}[3"))
  }

  @Test("figures take little room and say no more than is known")
  func figures() {
    #expect(Figures.rate(10, 30, over: .seconds(2)) == 10)
    #expect(Figures.rate(30, 10, over: .seconds(2)) == nil && Figures.rate(nil, 1, over: .seconds(1)) == nil)
    #expect(Figures.rate(0, .max, over: .milliseconds(1)) == nil && Figures.rate(.min, .max, over: .seconds(1)) == nil)
    #expect(Figures.count(99_999) == "99999" && Figures.count(100_000) == "100 k" && Figures.count(nil) == "-")
    #expect(Figures.count(.max).count <= 12 && Figures.count(12_345_678) == "12 M")
    #expect(Figures.bytes(1023) == "1023 B" && Figures.bytes(1 << 20) == "1 MiB")
    #expect(Figures.milliseconds(9999) == "9999 ms" && Figures.milliseconds(10_000) == "10 s")
    #expect(Figures.time(59) == "59s" && Figures.time(3725) == "1h2m" && Figures.time(90_000) == "1d1h")
  }
}
