import AdminProtocol
import AdminSocket
import Testing

@Suite("Limits of what is sent")
struct InputLimitTests {
  @Test("the defaults are the documented ones")
  func defaults() {
    let limits = AdminSocketLimits()
    #expect(limits.connections == 16 && limits.connectionsForRoot == 1)
    #expect(limits.input.lineBytes == 8192 && limits.input.arguments == 64 && limits.input.payloadBytes == 1_048_576)
    #expect(
      limits.firstByte == .seconds(10) && limits.idle == .seconds(120) && limits.interactiveIdle == .seconds(1800))
    #expect(limits.unsentBytes == 1_048_576)
    #expect(limits.command == .seconds(30) && limits.reload == .seconds(120))
    #expect(limits.progress < .milliseconds(250))
  }

  @Test("a line at the limit is read, one byte more is refused and costs that line only")
  func line() async throws {
    try await withServer { (_, path) async throws in
      let longest = "nats required force reason " + String(repeating: "x", count: 8192 - 27)
      let most = withoutProgress(try await socat(path, longest + "\nversion\n"))
      #expect(most.hasPrefix("OK reason=xxx") && most.hasSuffix("OK protocol=1 generation=7\n"))
      #expect(
        try await socat(path, longest + "x\nversion\n")
          == "ERR 413 too-large: a line is over 8192 bytes; it is ignored generation=7\n"
          + "collector 1.2\nOK protocol=1 generation=7\n")
    }
  }

  @Test("64 arguments are read, 65 are refused")
  func arguments() async throws {
    try await withServer { (_, path) async throws in
      let most = "help" + String(repeating: " x", count: 64)
      let replies = try await socat(path, "\(most)\n\(most) x\n").split(separator: "\n")
      #expect(replies.count == 2)
      #expect(replies.first?.hasPrefix("ERR 404 unknown-command") == true)
      #expect(replies.last == "ERR 413 too-large: 65 arguments, at most 64 are taken generation=7")
    }
  }

  @Test("a payload of 1 MiB is read, one byte more is refused and costs its request only")
  func payload() async throws {
    try await withServer { (_, path) async throws in
      let most = String(repeating: "y", count: (1 << 20) - 1)
      #expect(
        withoutProgress(try await socat(path, "config check <<E\n\(most)\nE\n", patience: 20))
          == "OK bytes=1048576 generation=7\n")
      #expect(
        try await socat(path, "config check <<E\n\(most)y\nE\nversion\n", patience: 20)
          == "ERR 413 too-large: the payload is over 1048576 bytes generation=7\n"
          + "collector 1.2\nOK protocol=1 generation=7\n")
    }
  }

  @Test("NUL and invalid UTF-8 are refused, the connection lives")
  func encoding() async throws {
    try await withServer { (_, path) async throws in
      let client = try RawClient(path)
      for bad: [UInt8] in [[0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] {
        client.send(Array("config show ".utf8) + bad + [0x0A])
        #expect(
          try await client.reply()
            == "ERR 400 bad-encoding: a line holds a NUL or is not UTF-8; it is ignored generation=7\n", "\(bad)")
      }
      client.send(Array("config check <<\n".utf8) + [0xFF, 0x0A, 0x0A])
      #expect(
        try await client.reply()
          == "ERR 400 bad-encoding: the payload holds a NUL or is not UTF-8 generation=7\n")
      client.send("version\n")
      #expect(try await client.reply() == "collector 1.2\nOK protocol=1 generation=7\n")
    }
  }

  @Test("every limit is a setting")
  func settings() async throws {
    var limits = AdminSocketLimits()
    limits.connections = 1
    limits.connectionsForRoot = 0
    limits.input = ProtocolLimits(lineBytes: 40, arguments: 2, payloadBytes: 4)
    limits.unsentBytes = 900
    try await withServer(limits: limits) { (server, path) async throws in
      let client = try RawClient(path)
      client.send("help a b c\n")
      #expect(try await client.reply().hasPrefix("ERR 413 too-large: 3 arguments, at most 2"))
      client.send(String(repeating: "x", count: 41) + "\n")
      #expect(try await client.reply().hasPrefix("ERR 413 too-large: a line is over 40 bytes"))
      client.send("config check <<\n1234\n\n")
      #expect(try await client.reply().hasPrefix("ERR 413 too-large: the payload is over 4 bytes"))
      client.send("json watch rates 300\n")
      let reply = try await client.receive { $0.hasSuffix("}\n") }
      #expect(reply.contains("\"code\":413,\"error\":\"too-large\",\"message\":\"the reply would have"))
      #expect(try await socat(path, "version\n").hasPrefix("ERR 429 too-many-connections: 1 connections"))
      #expect(server.counters.refusedRequests == 3)
    }
  }
}
