import AdminClient
import AdminProtocol
import Testing

@Suite("Replies are read")
struct ReplyReaderTests {
  @Test("body, progress and trailer are told apart, in whatever pieces they come", arguments: [1, 2, 7, 1000])
  func pieces(size: Int) throws {
    let text = "# working\nstate: ok\n\n # HELP x\n OK then\n  # two blanks\nOK state=ok generation=7\n"
    var reader = ReplyReader(json: false)
    var parts: [ReplyReader.Part] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      parts += try reader.feed(Array(bytes[start..<min(bytes.count, start + size)]))
    }
    let trailer = try #require(Trailer(line: "OK state=ok generation=7"))
    #expect(
      parts == [
        .progress("working"), .body("state: ok"), .body(""), .body("# HELP x"), .body("OK then"),
        .body("  # two blanks"), .trailer(trailer),
      ])
  }

  @Test("what the collector's writer writes is read back, whatever it holds")
  func roundTrip() throws {
    let message = "it's \"so\" a=b; 3 errors"
    let fields = [ReplyField("a", "x y"), ReplyField("b", "q\"\\\n"), ReplyField("c", "")]
    let reply = Reply(
      body: ["OK", "ERR 1", "#x", " y"], error: ProtocolError(.invalidConfig, message, fields: fields), generation: 3)
    var reader = ReplyReader(json: false)
    let parts = try reader.feed(Array(ReplyWriter.text(reply).utf8))
    #expect(parts.dropLast() == [.body("OK"), .body("ERR 1"), .body("#x"), .body(" y")])
    guard case .trailer(let trailer)? = parts.last else {
      Issue.record("no trailer: \(parts)")
      return
    }
    #expect(trailer.code == 422 && trailer.slug == "invalid-config" && trailer.message == message)
    #expect(trailer.fields == fields + [ReplyField("generation", "3")])
  }

  @Test("a JSON reply is one object after empty lines; who is turned away gets a line in any case")
  func json() throws {
    var reader = ReplyReader(json: true)
    let text = ReplyWriter.json(Reply(fields: [ReplyField("state", "ok")], generation: 2))
    let parts = try reader.feed(Array(("\n\n" + text).utf8))
    #expect(parts.count == 3 && parts.first == .heartbeat)
    guard case .json(let value, let line)? = parts.last else {
      Issue.record("no object: \(parts)")
      return
    }
    #expect(line + "\n" == text)
    let trailer = Trailer(json: value, line: line)
    #expect(trailer.isOK && trailer["state"] == "ok" && trailer["generation"] == "2")
    let refusal = try reader.feed(Array("ERR 429 too-many-connections: 16 are open generation=1\n".utf8))
    guard case .trailer(let turnedAway)? = refusal.first else {
      Issue.record("no refusal: \(refusal)")
      return
    }
    #expect(turnedAway.code == 429 && turnedAway.message == "16 are open")
  }

  @Test("what is not the protocol is refused", arguments: ["ERR x y", "ERR 404", "OKAY", "OK a", "ERR 12 slug"])
  func garbled(line: String) {
    var reader = ReplyReader(json: false)
    #expect(throws: ClientError.garbled(line)) { try reader.feed(Array((line + "\n").utf8)) }
  }

  @Test("JSON is read as it is written, and anything else is nothing")
  func jsonValues() {
    let value: JSONValue = [
      "a": [1, -2, true, .null], "b": ["c": "x\"\\\n\t\u{1}é😀"], "empty": [:], "none": .array([]),
    ]
    #expect(JSONReader.parse(value.text) == value)
    #expect(JSONReader.parse(" { \"n\" : 1.50 , \"e\":\"\\ud83d\\ude00\\u00e9\" } ") == ["n": "1.50", "e": "😀é"])
    let wrong = [
      "", "{", "[1,]", "{\"a\"}", "tru", "\"\\x\"", "\"\\ud83d\"", "1 2", "\"a", "{\"a\":1,}", "-", "\"\\u+123\"",
      String(repeating: "[", count: 100_000),
    ]
    for text in wrong { #expect(JSONReader.parse(text) == nil, "\(text.prefix(20))") }
  }
}
