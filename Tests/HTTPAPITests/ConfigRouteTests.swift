import AdminProtocol
import Testing

@Suite("the settings and the policy over HTTP")
struct ConfigRouteTests {
  @Test("config answers with the generation and the text of config show, for all or for one key, without a token")
  func config() async throws {
    try await withServer { curl, service in
      service.set { $0.reply = Reply(body: ["nats:", "  optional: true"], generation: 3) }
      let reply = await curl.get("/api/v1/config")
      #expect(reply.status == 200)
      #expect(reply.body == #"{"generation":3,"key":null,"text":"nats:\n  optional: true\n"}"# + "\n")
      #expect(await curl.jq("/api/v1/config?key=nats", ".key") == "nats")
      let run = service.commands.withLock { $0 }
      #expect(run.map(\.words) == [["config", "show"], ["config", "show", "KEY", "nats"]])
      #expect(run.allSatisfy { $0.caller.role == .viewer })
    }
  }

  @Test("an unknown key is 404 with what was meant")
  func unknownKey() async throws {
    try await withServer { curl, service in
      service.set { $0.reply = .failure(ProtocolError(.unknownKey, "unknown key \"natz\"; did you mean \"nats\"?")) }
      let reply = await curl.get("/api/v1/config?key=natz")
      #expect(reply.status == 404 && reply.body.contains("did you mean"))
      #expect(await curl.get("/api/v1/config?key=").status == 400)
      #expect(await curl.get("/api/v1/config?keys=nats").status == 400)
    }
  }

  @Test("the policy says where it comes from and how the link is")
  func policy() async throws {
    try await withServer { curl, _ in
      #expect(
        await curl.jq("/api/v1/nats/policy", "[.optional, .source, .override, .connected, .state, .generation]")
          == #"[true,"file",null,true,"up",7]"#)
      #expect(await curl.get("/api/v1/nats/policy", "--head").status == 200)
    }
  }
}
