import AdminSocket
import Testing

@Suite("Through socat")
struct SocatTests {
  private static let health = "state: degraded\n OK is not the end\nOK state=degraded generation=7\n"

  @Test("a hundred times «echo health | socat» gives a hundred whole replies")
  func hundred() async throws {
    try await withServer { (_, path) async throws in
      for _ in 0..<100 { #expect(withoutProgress(try await socat(path, "health\n")) == Self.health) }
    }
  }

  @Test("a command longer than socat's patience still gets its whole reply, kept awake by progress")
  func slow() async throws {
    try await withServer { (_, path) async throws in
      let text = try await socat(path, "status\n")
      #expect(text.contains("# looking\n") && text.contains("# working\n") && text.hasSuffix("done\nOK generation=7\n"))
      let json = try await socat(path, "json status\n")
      #expect(
        json.hasPrefix("\n\n")
          && json.hasSuffix("{\"v\":1,\"ok\":true,\"code\":200,\"generation\":7,\"data\":{\"lines\":[\"done\"]}}\n"))
    }
  }

  @Test("a running command shows life every 250 ms, in JSON as empty lines")
  func heartbeat() async throws {
    try await withServer { (_, path) async throws in
      for (request, sign) in [("status\n", "# working"), ("json status\n", "")] {
        let client = try RawClient(path)
        client.send(request)
        client.endOutput()
        var (signs, last, longest) = (0, ContinuousClock.now, Duration.zero)
        while true {
          let text = try await client.receive { !$0.isEmpty }
          longest = max(longest, ContinuousClock.now - last)
          last = ContinuousClock.now
          if text.isEmpty || text.contains("OK") || text.contains("{") { break }
          signs += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().count { $0 == sign }
        }
        #expect(signs >= 2)
        // socat gives up after 500 ms; what is over 200 ms is the machine being busy.
        #expect(longest < .milliseconds(450))
      }
    }
  }
}
