import AdminProtocol
import Testing

@Suite("Reply writer")
struct ReplyWriterTests {
  @Test("a reply is its body and one trailer")
  func plain() {
    let reply = Reply(
      body: ["state: degraded", "ready: yes"], fields: [ReplyField("state", "degraded")], changed: false, generation: 7)
    #expect(
      ReplyWriter.text(reply) == "state: degraded\nready: yes\nOK state=degraded changed=false generation=7\n")
    #expect(ReplyWriter.text(Reply()) == "OK\n")
  }

  @Test("an error has code, slug, message and fields")
  func failure() {
    var reply = Reply.failure(
      ProtocolError(
        .invalidConfig, "2 errors, generation 7 still active",
        fields: [ReplyField("errors", "2"), ReplyField("generation", "7")]))
    reply.generation = 7
    #expect(
      ReplyWriter.text(reply)
        == "ERR 422 invalid-config: 2 errors, generation 7 still active errors=2 generation=7\n")
    #expect(reply.result == "422 invalid-config")
  }

  @Test("body lines that look like framing are moved by one space")
  func framing() {
    let reply = Reply(body: ["OK", "OKX: up", "ERR 1", "# x", "a\nOK\r\nERR\r#", " OK"], warnings: ["w\nOK"])
    #expect(
      ReplyWriter.text(reply) == " OK\n OKX: up\n ERR 1\n # x\na\n OK\n ERR\n #\n OK\nwarning: w OK\nOK warnings=1\n")
  }

  @Test("values are quoted where they need it, and keys are made safe")
  func quoting() {
    let fields = [
      ReplyField("a", "x y"), ReplyField("b", ""), ReplyField("c", "q\"\\\n"), ReplyField("d=e f", "1"),
      ReplyField("", "2"),
      ReplyField("e", "\u{1B}[2J"),
    ]
    #expect(
      ReplyWriter.text(Reply(fields: fields))
        == "OK a=\"x y\" b=\"\" c=\"q\\\"\\\\\\n\" d_e_f=1 _=2 e=\"\u{FFFD}[2J\"\n")
  }

  @Test("no text whatever breaks the framing", arguments: 0..<40)
  func anyText(seed: Int) {
    let pieces = [
      "OK", "ERR 500 x", "#", "\n", "\r\n", "\r", " ", "=", "\"", "\u{0}", "\u{85}", "\u{2028}", "é", "\u{301}", "a",
    ]
    var generator = Seeded(UInt64(seed))
    func text(_ generator: inout Seeded) -> String {
      var text = ""
      for _ in 0..<generator.below(8) { text += generator.pick(pieces) }
      return text
    }
    for _ in 0..<100 {
      let failed = Bool.random(using: &generator)
      let reply = Reply(
        body: (0..<generator.below(4)).map { _ in text(&generator) },
        fields: [ReplyField(text(&generator), text(&generator))],
        error: failed ? ProtocolError(.timeout, text(&generator)) : nil,
        warnings: generator.below(2) == 0 ? [] : [text(&generator)])
      let written = Array(ReplyWriter.text(reply).utf8)
      #expect(written.last == 0x0A && !written.contains(0) && !written.contains(0x0D))
      let lines = written.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
      let trailers = lines.indices.filter { lines[$0].starts(with: "OK".utf8) || lines[$0].starts(with: "ERR".utf8) }
      #expect(trailers == [lines.count - 1], "\(ReplyWriter.text(reply).debugDescription)")
      #expect(!lines.contains { $0.starts(with: "#".utf8) })
      let json = Array(ReplyWriter.json(reply).utf8)
      #expect(json.firstIndex(of: 0x0A) == json.count - 1 && !json.dropLast().contains { $0 < 0x20 })
      let progress = Array(ReplyWriter.progress(text(&generator)).utf8)
      #expect(progress.starts(with: "# ".utf8) && progress.firstIndex(of: 0x0A) == progress.count - 1)
    }
  }

  @Test("a JSON reply is one object with its members in the documented order")
  func json() {
    let reply = Reply(
      body: ["ignored, there is data"], fields: [ReplyField("state", "up"), ReplyField("n", "text")],
      data: ["n": 1, "list": [true, .null, "a\"\\\u{1}\u{2028}/é"]], changed: true, generation: 3, warnings: ["w"])
    #expect(
      ReplyWriter.json(reply) == """
        {"v":1,"ok":true,"code":200,"changed":true,"generation":3,\
        "data":{"n":1,"list":[true,null,"a\\"\\\\\\u0001\\u2028/é"],"state":"up"},"warnings":["w"]}

        """)
    let failed = Reply(body: ["x:1:1: bad"], error: ProtocolError(.invalidConfig, "1 error"))
    #expect(
      ReplyWriter.json(failed) == """
        {"v":1,"ok":false,"code":422,"error":"invalid-config","message":"1 error","data":{"lines":["x:1:1: bad"]}}

        """)
  }

  @Test("the catalogue holds each slug once, with the code of the page")
  func catalogue() {
    #expect(
      ErrorCatalogue.all.map { "\($0.code) \($0.slug)" } == [
        "400 bad-argument", "400 bad-quoting", "400 bad-encoding", "403 forbidden", "404 unknown-command",
        "404 unknown-exchange", "404 unknown-symbol", "404 unknown-key", "404 unknown-path",
        "405 method-not-allowed", "408 idle-timeout", "409 restart-required",
        "409 reload-in-progress", "409 dependency-down", "411 length-required",
        "412 generation-mismatch", "413 too-large",
        "422 invalid-config",
        "429 too-many-connections", "429 too-many-requests", "500 internal", "503 not-ready", "503 shutting-down",
        "504 timeout",
      ])
  }
}
