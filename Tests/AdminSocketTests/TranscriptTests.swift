import Testing

@Suite("Transcripts, through socat")
struct TranscriptTests {
  private func check(_ path: String, _ input: String, _ transcript: Transcript, buffer: Int = 8192) async throws {
    let program = ["socat", "-b", String(buffer), "-", "UNIX-CONNECT:\(path)"]
    let replies = try await output(of: program, input: [Array(input.utf8)])
    #expect(Transcript.difference(replies, from: transcript.replies) == nil)
  }

  @Test("one shot: all lines in one input", arguments: Transcript.names)
  func oneShot(name: String) async throws {
    let transcript = try Transcript(name)
    try await withServer { (_, path) async throws in
      let input = transcript.requests.map { $0 + "\n" }.joined()
      try await check(path, input, transcript)
      try await check(path, transcript.requests.map { $0 + "\r\n" }.joined(), transcript)
    }
  }

  @Test("all commands on one line", arguments: try Transcript.names.filter { try Transcript($0).isSingle })
  func oneLine(name: String) async throws {
    let transcript = try Transcript(name)
    try await withServer { (_, path) async throws in
      try await check(path, transcript.requests.joined(separator: "; ") + "\n", transcript)
      try await check(path, transcript.requests.joined(separator: ";"), transcript)
    }
  }

  @Test("byte by byte", arguments: Transcript.names)
  func byteByByte(name: String) async throws {
    let transcript = try Transcript(name)
    try await withServer { (_, path) async throws in
      try await check(path, transcript.requests.map { $0 + "\n" }.joined(), transcript, buffer: 1)
    }
  }

  @Test("interactive: each request is sent when the prompt is there", arguments: Transcript.names)
  func interactive(name: String) async throws {
    let transcript = try Transcript(name)
    let prompt = "marketprism[degraded]> "
    try await withServer { (_, path) async throws in
      let session = try SocatSession(path)
      try session.send("prompt\n")
      #expect(try await session.receive { $0.hasSuffix(prompt) } == "OK generation=7\n" + prompt)
      for exchange in transcript.exchanges {
        try session.send(exchange.requests.map { $0 + "\n" }.joined())
        let (awaited, quits) = (exchange.trailers, exchange.requests.contains("quit"))
        let text =
          awaited == 0
          ? ""
          : try await session.receive {
            $0.components(separatedBy: prompt).count > awaited - (quits ? 1 : 0)
              && (!quits || $0.hasSuffix("OK generation=7\n"))
          }
        #expect(text.components(separatedBy: prompt).count - 1 == awaited - (quits ? 1 : 0))
        #expect(Transcript.difference(text.replacing(prompt, with: ""), from: exchange.replies) == nil)
        if quits { break }
      }
      try await session.end()
    }
  }

  @Test("the transcripts are there")
  func present() { #expect(Transcript.names.count >= 6) }
}
