import Recordings
import TestSupport
import Testing

@Suite("Recording reader")
struct RecordingReaderTests {
  private struct Line: Equatable {
    var time: Int64
    var kind: RecordedLine.Kind
    var text: String

    init(_ time: Int64, _ kind: RecordedLine.Kind, _ text: String) {
      self.time = time
      self.kind = kind
      self.text = text
    }
  }

  private func lines(_ file: TemporaryFile) throws -> (lines: [Line], isTruncated: Bool, lineNumber: Int) {
    let reader = try RecordingReader(path: file.path)
    var lines: [Line] = []
    while let line = try reader.next() {
      lines.append(Line(line.receivedNS, line.kind, String(decoding: line.bytes, as: UTF8.self)))
    }
    return (lines, reader.isTruncated, reader.lineNumber)
  }

  private func error(of text: String) throws -> RecordingError? {
    let file = try TemporaryFile(text)
    do {
      _ = try lines(file)
      return nil
    } catch let error as RecordingError {
      #expect(error.path == file.path)
      return error
    }
  }

  @Test("every kind of line is read, plain and through gzip", arguments: [false, true])
  func kinds(compressed: Bool) throws {
    let text = """
      1700000000000000001 OPEN wss://host/stream?streams=a/b

      1700000000000000002 SEND {"method":"SUBSCRIBE"}
      1700000000000000003 GET https://host/depth?symbol=X&limit=5 {"lastUpdateId":1, "bids":[]}
      1700000000000000004 {"stream":"x", "data":{}}
      1700000000000000005 GET https://host/empty
      1700000000000000006 OPENING {"no":"such word"}
      7 
      """
    let read = try lines(try TemporaryFile(text, compressed: compressed))
    #expect(
      read.lines == [
        Line(1_700_000_000_000_000_001, .open(url: "wss://host/stream?streams=a/b"), "wss://host/stream?streams=a/b"),
        Line(1_700_000_000_000_000_002, .sent, #"{"method":"SUBSCRIBE"}"#),
        Line(
          1_700_000_000_000_000_003, .get(url: "https://host/depth?symbol=X&limit=5"),
          #"{"lastUpdateId":1, "bids":[]}"#),
        Line(1_700_000_000_000_000_004, .frame, #"{"stream":"x", "data":{}}"#),
        Line(1_700_000_000_000_000_005, .get(url: "https://host/empty"), ""),
        Line(1_700_000_000_000_000_006, .frame, #"OPENING {"no":"such word"}"#), Line(7, .frame, ""),
      ])
    #expect(!read.isTruncated)
    #expect(read.lineNumber == 8)
  }

  @Test("lines that end with carriage return and line feed read the same, blank ones too")
  func carriageReturns() throws {
    let read = try lines(try TemporaryFile("1 {}\r\n\r\n2 OPEN url\r\n3 GET u b\r\n"))
    #expect(read.lines == [Line(1, .frame, "{}"), Line(2, .open(url: "url"), "url"), Line(3, .get(url: "u"), "b")])
  }

  @Test("an empty file has no lines", arguments: [false, true])
  func empty(compressed: Bool) throws {
    #expect(try lines(try TemporaryFile("", compressed: compressed)).lines.isEmpty)
    #expect(try lines(try TemporaryFile("\n\n\n", compressed: compressed)).lines.isEmpty)
  }

  @Test("a file that is not there is told with its path and the reason")
  func missing() {
    do throws(RecordingError) {
      _ = try RecordingReader(path: "/nonexistent/recording.gz")
      Issue.record("opened")
    } catch {
      #expect(error.line == 0)
      #expect(error.description == "/nonexistent/recording.gz: cannot be opened: No such file or directory")
    }
  }

  @Test("a folder is no recording")
  func folder() {
    #expect(throws: RecordingError.self) {
      let reader = try RecordingReader(path: "/tmp")
      _ = try reader.next()
    }
  }

  @Test(
    "a line without a time is told with its number",
    arguments: [
      "x {}", "{}", "-5 {}", "0 {}", " 5 {}", "12", "12{}", "9223372036854775808 {}", "9999999999999999999 {}",
      "17000000000000000000000 {}", "1.5 {}", "\u{0} {}",
    ])
  func badTimes(line: String) throws {
    let error = try #require(try error(of: "1 {}\n\n2 {}\n\(line)\n"))
    #expect(error.line == 4)
    #expect(error.description.contains(":4: does not begin with a time"))
  }

  @Test("the latest time that fits is read")
  func latestTime() throws {
    #expect(try lines(try TemporaryFile("9223372036854775807 x")).lines == [Line(.max, .frame, "x")])
  }

  @Test("a line of many megabytes is read whole, with the lines around it")
  func longLine() throws {
    let long = String(repeating: "0123456789abcdef", count: 700_000)
    let read = try lines(try TemporaryFile("1 a\n2 \(long)\n3 b\n", compressed: true))
    #expect(read.lines.map(\.text.utf8.count) == [1, 11_200_000, 1])
    #expect(read.lines[1].text == long)
    #expect(read.lines[2] == Line(3, .frame, "b"))
  }

  @Test("a line longer than the bound is refused")
  func hugeLine() throws {
    let file = try TemporaryFile("1 a\n2 b")
    try file.resize(to: RecordingReader.maximumLineBytes + 100)
    do {
      _ = try lines(file)
      Issue.record("read")
    } catch let error as RecordingError {
      #expect(error.line == 2)
      #expect(error.reason == "longer than 67108864 bytes")
    }
  }

  @Test("a gzip file that breaks off gives its whole lines and says so")
  func truncated() throws {
    var random = Seeded(5)
    let all = (1...5_000).map { "\($0) {\"n\":\"\(random.digits(20))\"}" }
    let file = try TemporaryFile(all.joined(separator: "\n"), compressed: true)
    try file.resize(to: file.length / 2)
    let read = try lines(file)
    #expect(read.isTruncated)
    #expect(read.lines.count > 1_000 && read.lines.count < 4_000)
    for (line, text) in zip(read.lines, all) { #expect("\(line.time) \(line.text)" == text) }
  }

  @Test("a gzip file whose bytes were damaged is refused, or read; never a trap")
  func damaged() throws {
    var random = Seeded(6)
    let text = (1...2_000).map { "\($0) {\"n\":\"\(random.digits(20))\"}" }.joined(separator: "\n")
    let sound = try TemporaryFile(text, compressed: true)
    let bytes = try sound.contents()
    var refused = 0
    for _ in 0..<60 {
      var broken = bytes
      for _ in 0...random.below(5) { broken[20 + random.below(broken.count - 20)] = UInt8(random.below(256)) }
      let file = try TemporaryFile(bytes: broken)
      do { _ = try lines(file) } catch is RecordingError { refused += 1 }
    }
    #expect(refused > 40)
  }
}
