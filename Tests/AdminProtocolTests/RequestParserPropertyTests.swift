import AdminProtocol
import Testing

@Suite("Request parser, any input")
struct RequestParserPropertyTests {
  private static let pieces: [[UInt8]] =
    [
      " ", "\n", "\n", "\r\n", ";", "'", "\"", "\\", "\\n", "#", "json ", "<<", "<<EOF", "<<eof", "EOF\n", "\nEOF\n",
      "health",
      "nats required", "é", "\t", "x", "\n\n",
    ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3]]
  private static let limits = ProtocolLimits(lineBytes: 40, arguments: 4, payloadBytes: 60)

  private func noise(_ generator: inout Seeded) -> [UInt8] {
    (0..<generator.below(60)).flatMap { _ in generator.pick(Self.pieces) }
  }

  @Test("the same bytes in any pieces give the same requests", arguments: 0..<40)
  func chunking(seed: Int) {
    var generator = Seeded(UInt64(seed))
    for _ in 0..<200 {
      let bytes = noise(&generator)
      var whole = RequestParser(limits: Self.limits)
      let expected = whole.feed(bytes) + whole.endOfInput()
      var single = RequestParser(limits: Self.limits)
      #expect(bytes.flatMap { single.feed([$0]) } + single.endOfInput() == expected, "\(bytes)")
      var pieces = RequestParser(limits: Self.limits)
      var got: [ParsedInput] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = min(rest.count, 1 + generator.below(9))
        got += pieces.feed(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      #expect(got + pieces.endOfInput() == expected, "\(bytes)")
    }
  }

  @Test("whatever came before, once it is over the parser reads the next request", arguments: 0..<40)
  func recovery(seed: Int) {
    var generator = Seeded(UInt64(seed) + 1000)
    for _ in 0..<200 {
      var parser = RequestParser(limits: Self.limits)
      let bytes = noise(&generator)
      _ = parser.feed(bytes)
      _ = parser.endOfInput()
      #expect(parser.feed(Array("health\n".utf8)) == [.request(Request(arguments: ["health"]))], "\(bytes)")
    }
  }

  @Test("each request of a line gets exactly one result, in its place", arguments: 0..<40)
  func oneResultEach(seed: Int) {
    // Each piece is exactly one request, good or bad, whatever stands beside it.
    let good = ["health", "json status", "'a;b' \"c\\n\"", "x ''", "x <<E\nreload\nE y\nE"]
    let bad = [
      "json", "a b c d e f", "x'y'", "\u{1}\u{0}", "x <<e\nreload\ne", "<<E\nE",
    ]
    var generator = Seeded(UInt64(seed) + 2000)
    for _ in 0..<100 {
      var text = ""
      var expected: [Bool] = []
      for _ in 0..<generator.below(12) {
        // A bad encoding or quoting takes its whole line: bad pieces begin lines of their own.
        let isGood = Bool.random(using: &generator)
        if !isGood && !text.hasSuffix("\n") { text += "\n" }
        text += generator.pick(isGood ? good : bad)
        let isPayload = text.hasSuffix("\nE")
        text += isGood && !isPayload ? generator.pick([";", "\n", " ; ", "\r\n", "\n\n# x\n"]) : "\n"
        expected.append(isGood)
      }
      var parser = RequestParser(limits: ProtocolLimits(arguments: 4))
      let got = (parser.feed(Array(text.utf8)) + parser.endOfInput()).map { input in
        if case .request = input { true } else { false }
      }
      #expect(got == expected, "\(text.debugDescription)")
    }
  }

  @Test("what is quoted is read back as it was", arguments: 0..<40)
  func quotingIsUndone(seed: Int) {
    let scalars: [Unicode.Scalar] = [
      "a", "b", " ", "'", "\"", "\\", "n", "\n", "\r", "\t", ";", "#", "<", "é", "💡", "\u{1}", "\u{85}", "\u{2028}",
    ]
    var generator = Seeded(UInt64(seed) + 3000)
    for _ in 0..<200 {
      var arguments = (0..<(1 + generator.below(5))).map { _ in
        var text = ""
        for _ in 0..<generator.below(8) { text.unicodeScalars.append(generator.pick(scalars)) }
        return text
      }
      if generator.below(4) == 0 { arguments[0] = generator.pick(["json", "<<", "<<EOF", "#"]) }
      let json = Bool.random(using: &generator)
      var parser = RequestParser()
      let line = Quoting.request(arguments, json: json)
      let expected: [ParsedInput] = [.request(Request(json: json, arguments: arguments))]
      #expect(parser.feed(Array((line + "\n").utf8)) == expected, "\(line.debugDescription)")
    }
  }
}
