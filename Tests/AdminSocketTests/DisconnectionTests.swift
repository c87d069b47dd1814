import AdminProtocol
import AdminSocket
import Testing

@Suite("Callers that leave")
struct DisconnectionTests {
  @Test("a caller that only ends its input gets the whole reply, then the connection closes")
  func halfClose() async throws {
    try await withServer { (_, path) async throws in
      let client = try RawClient(path)
      client.send("status; json version\nversion")
      client.endOutput()
      let text = try await client.receive()
      #expect(
        withoutProgress(text).hasPrefix("done\nOK generation=7\n{\"v\":1")
          && text.hasSuffix("OK protocol=1 generation=7\n"))
    }
  }

  @Test("a payload cut off by the end of input is refused, once")
  func cutOffPayload() async throws {
    try await withServer { (_, path) async throws in
      #expect(
        try await socat(path, "config check <<EOF\na: 1\n")
          == "ERR 400 bad-argument: input ended before EOF, which ends the payload generation=7\n")
    }
  }

  @Test("a change whose caller vanishes is made to its end and audited; what comes behind it is not begun")
  func vanishesInChange() async throws {
    let log = LogLines()
    try await withServer(log: log) { (server, path) async throws in
      let client = try RawClient(path)
      client.send("drain; undrain; shutdown\n")
      _ = try await client.receive { $0.contains("# draining\n") }
      client.endAbruptly()
      #expect(try await eventually { !log.all.isEmpty })
      #expect(log.all == ["admin command command=drain generation=7 result=ok uid=\(ownUID)"])
      #expect(server.counters.requests == 1)
      #expect(try await socat(path, "version\n").hasPrefix("collector 1.2"))
    }
  }

  @Test("a change that outlives both its caller and its time is audited as timed out, once")
  func timesOutAlone() async throws {
    let log = LogLines()
    var limits = AdminSocketLimits()
    limits.command = .milliseconds(150)
    try await withServer(limits: limits, log: log) { (server, path) async throws in
      let client = try RawClient(path)
      client.send("drain\n")
      _ = try await client.receive { $0.contains("# draining\n") }
      client.endAbruptly()
      #expect(try await eventually { server.counters.lateReplies == 1 })
      #expect(server.counters.commandTimeouts == 1)
      #expect(log.all == ["admin command command=drain generation=7 result=504 timeout uid=\(ownUID)"])
    }
  }

  @Test("a look whose caller vanishes is cancelled")
  func vanishesInLook() async throws {
    try await withServer { (server, path) async throws in
      let client = try RawClient(path)
      client.send("status\n")
      _ = try await client.receive { $0.contains("# looking\n") }
      let start = ContinuousClock.now
      client.endAbruptly()
      #expect(try await eventually { server.counters.lateReplies == 1 })
      #expect(ContinuousClock.now - start < .milliseconds(600))
    }
  }

  @Test("callers that come and go in the middle of anything leave nothing behind")
  func storm() async throws {
    var limits = AdminSocketLimits()
    limits.connections = 4
    try await withServer(limits: limits) { (server, path) async throws in
      for round in 0..<60 {
        let client = try RawClient(path)
        client.send(["", "vers", "status\n", "config check <<E\nx", "watch rates 50; status\n", "quit\n"][round % 6])
        client.endAbruptly()
      }
      let last = try RawClient(path)
      #expect(
        try await eventually {
          let counters = server.counters
          return counters.connections + counters.refusedConnections == 61 || counters.connections > 0
        })
      last.endAbruptly()
      // All places are free again.
      for _ in 0..<20 {
        var whole = false
        for _ in 0..<50 where !whole { whole = try await socat(path, "version\n").hasPrefix("collector 1.2") }
        #expect(whole)
      }
    }
  }
}
