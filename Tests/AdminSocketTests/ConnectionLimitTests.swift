import AdminProtocol
import AdminSocket
import Glibc
import Testing

private let isRoot = geteuid() == 0

@Suite("Limits of a connection")
struct ConnectionLimitTests {
  @Test("16 connections are served, one more for root, the next is told so and closed")
  func connections() async throws {
    try await withServer { (server, path) async throws in
      let served = isRoot ? 17 : 16
      var clients: [RawClient] = []
      for _ in 0..<served {
        let client = try RawClient(path)
        client.send("version\n")
        #expect(try await client.reply().hasSuffix("OK protocol=1 generation=7\n"))
        clients.append(client)
      }
      #expect(
        try await socat(path, "health\n")
          == "ERR 429 too-many-connections: 16 connections are open already generation=7\n")
      #expect(server.counters.refusedConnections == 1)
      clients.removeLast()
      #expect(try await eventually { (try? RawClient(path)) != nil })
    }
  }

  @Test("the last place is kept for root", .enabled(if: isRoot))
  func keptForRoot() async throws {
    try await withServer { (_, path) async throws in
      var clients: [RawClient] = []
      for _ in 0..<16 {
        let client = try RawClient(path)
        client.send("version\n")
        _ = try await client.reply()
        clients.append(client)
      }
      #expect(try await asNobody(path, "version\n").hasPrefix("ERR 429 too-many-connections"))
      #expect(try await socat(path, "version\n").hasPrefix("collector 1.2"))
      #expect(clients.count == 16)
    }
  }

  @Test("a connection that sends nothing is closed with 408, and so is one that falls silent")
  func idle() async throws {
    var limits = AdminSocketLimits()
    limits.firstByte = .milliseconds(100)
    limits.idle = .milliseconds(300)
    try await withServer(limits: limits) { (server, path) async throws in
      #expect(try await RawClient(path).receive().hasPrefix("ERR 408 idle-timeout: nothing was sent within"))
      let client = try RawClient(path)
      client.send("version\n")
      let text = try await client.receive()
      #expect(text.hasPrefix("collector 1.2\nOK protocol=1 generation=7\nERR 408 idle-timeout: nothing was sent for"))
      #expect(server.counters.idleTimeouts == 2)
    }
  }

  @Test("after prompt the idle limit is another, and a prompt follows each reply")
  func interactive() async throws {
    var limits = AdminSocketLimits()
    limits.idle = .milliseconds(100)
    limits.interactiveIdle = .milliseconds(600)
    try await withServer(limits: limits) { (_, path) async throws in
      let client = try RawClient(path)
      let start = ContinuousClock.now
      client.send("prompt\nversion\n")
      let prompt = "marketprism[degraded]> "
      let text = try await client.receive()
      #expect(text.hasPrefix("OK generation=7\n\(prompt)collector 1.2\nOK protocol=1 generation=7\n\(prompt)ERR 408"))
      #expect(ContinuousClock.now - start > .milliseconds(500))
    }
  }

  @Test("a command that takes too long is answered 504, its late reply is dropped, the connection lives")
  func commandTimeout() async throws {
    var limits = AdminSocketLimits()
    limits.command = .milliseconds(100)
    try await withServer(limits: limits) { (server, path) async throws in
      let client = try RawClient(path)
      client.send("status\nversion\n")
      client.endOutput()
      let text = try await client.receive()
      #expect(withoutProgress(text).hasPrefix("ERR 504 timeout: \"status\" took more than"))
      #expect(text.hasSuffix("collector 1.2\nOK protocol=1 generation=7\n"))
      #expect(try await eventually { server.counters.lateReplies == 1 && server.counters.commandTimeouts == 1 })
    }
  }

  @Test("a reader that leaves 1 MiB unread is dropped")
  func unsent() async throws {
    try await withServer { (server, path) async throws in
      let client = try RawClient(path)
      client.send("exchange list\n")
      #expect(try await eventually { server.counters.droppedReaders == 1 })
      #expect(try await client.receive().utf8.count < 2 << 20, "the connection is closed")
    }
  }

  @Test("replies below the bound reach a reader however many it asks for; one above is refused")
  func largeReplies() async throws {
    try await withServer { (server, path) async throws in
      let request = "book show a b c 1000; "
      let requests = String(repeating: request, count: 20) + "book show a b c 2000\n"
      let text = try await socat(path, requests, patience: 20)
      #expect(text.utf8.count > 20_000_000)
      #expect(text.contains("\nERR 413 too-large: the reply would have 2000016 bytes"))
      #expect(server.counters.droppedReaders == 0)
    }
  }

  @Test("bad encoding, long lines and too many arguments cost their request only")
  func badInput() async throws {
    try await withServer { (_, path) async throws in
      let long = String(repeating: "x", count: 8193)
      let many = "version" + String(repeating: " x", count: 65)
      let lines = try await socat(path, "a\u{0}\n\(long)\n\(many)\nversion\n").split(separator: "\n")
      #expect(
        lines.map { $0.prefix(17) } == [
          "ERR 400 bad-encod", "ERR 413 too-large", "ERR 413 too-large", "collector 1.2", "OK protocol=1 gen",
        ])
    }
  }
}

/// The same as ``socat(_:_:)`` from a process that is not root, in root's group so that it may connect.
func asNobody(_ path: String, _ text: String) async throws -> String {
  let identity = ["setpriv", "--reuid=65534", "--regid=0", "--clear-groups"]
  return try await output(of: identity + ["socat", "-", "UNIX-CONNECT:\(path)"], input: [Array(text.utf8)])
}
