import AdminProtocol
import Testing

@Suite("Request parser")
struct RequestParserTests {
  private func parse(_ text: String, limits: ProtocolLimits = ProtocolLimits()) -> [ParsedInput] {
    var parser = RequestParser(limits: limits)
    return parser.feed(Array(text.utf8)) + parser.endOfInput()
  }

  private func request(_ words: String..., json: Bool = false, payload: String? = nil) -> ParsedInput {
    .request(Request(json: json, arguments: words, payload: payload))
  }

  /// Slugs of what was refused, the command of what was not.
  private func outline(_ inputs: [ParsedInput]) -> [String] {
    inputs.map { input in
      switch input {
      case .request(let request): request.arguments.joined(separator: " ")
      case .failure(let error, let json): (json ? "json " : "") + error.slug.slug
      }
    }
  }

  @Test("lines end with LF or CRLF, and the last one with the input")
  func lineEnds() {
    #expect(parse("health\nstatus\r\nversion") == [request("health"), request("status"), request("version")])
  }

  @Test("semicolons outside quotes separate requests")
  func semicolons() {
    #expect(parse("a;b ; 'c;d';;\n") == [request("a"), request("b"), request("c;d")])
  }

  @Test("blank lines and comments are no requests")
  func nothing() {
    #expect(parse("\n  \t\r\n# health\n   # x\n;;\n#\u{0}\n") == [])
    #expect(parse("a; # b; c\n") == [request("a")])
    #expect(parse("a #b\n") == [request("a", "#b")])
  }

  @Test("quotes hold what bare words cannot")
  func quotes() {
    #expect(parse(#"x 'a "b" \n' "c 'd' \"\\\n" '' """# + "\n") == [request("x", #"a "b" \n"#, "c 'd' \"\\\n", "", "")])
  }

  @Test(
    "bad quoting answers for the rest of its line only",
    arguments: ["a'b'", "'a'b", "'a", "\"a", "\"a\\x\"", "\"a\\", "\"a\" \"b\"c"])
  func badQuoting(line: String) {
    #expect(outline(parse("first; \(line); lost\nnext\n")).first == "first")
    #expect(outline(parse("first; \(line)\nnext\n")) == ["first", "bad-quoting", "next"])
  }

  @Test("json asks for JSON, once, without quotes")
  func json() {
    #expect(parse("json health\n") == [request("health", json: true)])
    #expect(parse("'json' health\n") == [request("json", "health")])
    #expect(parse("json json\n") == [request("json", json: true)])
    #expect(
      outline(parse("json\njson 'x\njson \u{0}\n")) == ["json bad-argument", "json bad-quoting", "json bad-encoding"])
  }

  @Test("a payload runs to its tag, or to an empty line")
  func payloads() {
    #expect(parse("c <<EOF\na\n\n b;'\nEOF \nEOF\nd\n") == [request("c", payload: "a\n\n b;'\nEOF \n"), request("d")])
    #expect(parse("c <<\r\na\r\n\r\nd\n") == [request("c", payload: "a\r\n"), request("d")])
    #expect(
      parse("c <<A; d; e <<B\n1\nA\n2\nB\n") == [
        request("c", payload: "1\n"), request("d"), request("e", payload: "2\n"),
      ])
  }

  @Test("lines after a misspelt tag are never taken for commands")
  func misspeltTag() {
    #expect(outline(parse("c <<eof\nreload\neof\nd\n")) == ["bad-argument", "d"])
    #expect(outline(parse("c <<EOF x\nreload\nEOF\nd\n")) == ["bad-argument", "d"])
    #expect(outline(parse("c <<EOF <<A\nreload\nEOF\nd\n")) == ["bad-argument", "d"])
  }

  @Test("a payload cut off by the end of input is not carried out, what is whole is")
  func unfinishedPayload() {
    #expect(outline(parse("c <<EOF; d; e <<\nreload\n")) == ["bad-argument", "d", "bad-argument"])
    #expect(outline(parse("c <<EOF")) == ["bad-argument"])
  }

  @Test("a NUL or invalid UTF-8 costs its line only")
  func encoding() {
    var parser = RequestParser()
    let bytes = Array("a\n".utf8) + [0xC3, 0x28, 0x0A] + Array("x \u{0}\nb\n".utf8)
    #expect(outline(parser.feed(bytes)) == ["a", "bad-encoding", "bad-encoding", "b"])
    let payload = Array("c <<\n".utf8) + [0xFF, 0x0A, 0x0A] + Array("d\n".utf8)
    #expect(outline(parser.feed(payload)) == ["bad-encoding", "d"])
  }

  @Test("a line may have 8 KiB and not a byte more")
  func lineLimit() {
    let longest = "x " + String(repeating: "y", count: 8190)
    #expect(outline(parse(longest + "\na\n")) == [longest, "a"])
    #expect(outline(parse(longest + "y\na\n")) == ["too-large", "a"])
    #expect(outline(parse("json " + longest + "\na\n")) == ["json too-large", "a"])
    #expect(outline(parse("# " + longest + "\na\n")) == ["a"])
    var parser = RequestParser()
    #expect(outline(parser.feed(Array((longest + "y").utf8))) == ["too-large"], "without waiting for the line's end")
  }

  @Test("a request may have 64 arguments and not one more")
  func argumentLimit() {
    let most = "x" + String(repeating: " y", count: 64)
    #expect(outline(parse("\(most); a\n")) == [most, "a"])
    #expect(outline(parse("\(most) y; a\n")) == ["too-large", "a"])
  }

  @Test("a payload may have 1 MiB and not a byte more")
  func payloadLimit() {
    let most = String(repeating: "y", count: (1 << 20) - 1)
    #expect(parse("x <<E\n\(most)\nE\na\n") == [request("x", payload: most + "\n"), request("a")])
    #expect(outline(parse("x <<E\n\(most)y\nE\na\n")) == ["too-large", "a"])
    #expect(outline(parse("x <<E\n\(most)\n\nE\na\n")) == ["too-large", "a"])
  }
}
