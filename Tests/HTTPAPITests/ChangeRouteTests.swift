import AdminProtocol
import Glibc
import HTTPAPI
import Testing

@Suite("changing requests over HTTP")
struct ChangeRouteTests {
  private func body(_ json: String) -> String { "-X PUT \(bearer()) -H 'Expect:' --data-binary '\(json)'" }

  @Test(
    "are 403 without a token file, with a wrong token, or none, and nothing is run",
    arguments: ["", "-H 'Authorization: Basic eA=='", bearer("wrong"), bearer(TokenFile.token + "x"), bearer("")])
  func forbidden(header: String) async throws {
    let file = try TokenFile()
    for path in [nil, file.path] {
      try await withServer(tokenFile: path) { curl, service in
        let reply = await curl.get("/api/v1/reload", "-X POST \(header)")
        #expect(reply.status == 403 && reply.body.contains(#""code":"forbidden""#))
        #expect(reply.body.contains("http.token_file"))
        let other = await curl.get("/api/v1/nats/policy", "-X PUT \(header) -d '{\"reset\":true}'")
        #expect(other.status == 403)
        #expect(service.commands.withLock { $0.isEmpty })
      }
    }
  }

  @Test("run the admin socket's command as an operator from that address, and tell its outcome")
  func policy() async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, service in
      let reply = await curl.get(
        "/api/v1/nats/policy", body(#"{"optional":false,"force":true,"for":"30m","reason":"broker; upgrade"}"#))
      #expect(reply.status == 200)
      #expect(reply.body == #"{"changed":true,"generation":7,"data":{"policy":"required"}}"# + "\n")
      for json in [#"{"optional":true}"#, #"{"optional":true,"force":false}"#, #"{"reset":true}"#] {
        #expect(await curl.get("/api/v1/nats/policy", body(json)).status == 200)
      }
      let run = service.commands.withLock { $0 }
      #expect(
        run.map { $0.words.joined(separator: " ") } == [
          "nats required force for 1800.0 seconds reason broker; upgrade", "nats optional", "nats optional",
          "nats reset",
        ])
      for caller in run.map(\.caller) {
        #expect(caller.role == .operator && caller.origin == .http("127.0.0.1") && caller.uid == geteuid())
      }
    }
  }

  @Test("pass the query of a reload on, and answer with the socket's codes")
  func reload() async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, service in
      service.set {
        $0.reply = Reply(
          body: ["a.yaml:1:2: nats.grace: must be", "a.yaml:3:4: proxi: unknown key"],
          error: ProtocolError(.invalidConfig, "2 errors", fields: [ReplyField("errors", "2")]), generation: 3)
      }
      let query = "dry-run=true&if-generation=3&confirm-within=90s&allow-pending=true"
      let reply = await curl.get("/api/v1/reload?\(query)", "-X POST \(bearer())")
      #expect(reply.status == 422)
      #expect(
        reply.body == #"{"error":{"code":"invalid-config","message":"2 errors","details":{"errors":"2"}},"#
          + #""generation":3,"errors":["a.yaml:1:2: nats.grace: must be","a.yaml:3:4: proxi: unknown key"]}"# + "\n")
      #expect(
        service.commands.withLock { $0.map { $0.words.joined(separator: " ") } } == [
          "reload dry-run if-generation 3 confirm-within 90.0 seconds allow-pending"
        ])
      for (slug, path) in [
        (ErrorSlug.restartRequired, "/api/v1/reload"), (.generationMismatch, "/api/v1/reload?if-generation=1"),
        (.shuttingDown, "/api/v1/reload?dry-run=false"), (.timeout, "/api/v1/reload"),
      ] {
        service.set { $0.reply = .failure(ProtocolError(slug, "no")) }
        #expect(await curl.get(path, "-X POST \(bearer())").status == slug.code)
      }
      service.set {
        $0.reply = Reply(
          body: ["x"], data: ["changes": 1, "plan": [["key": "nats.grace"]]], changed: true, generation: 4,
          warnings: ["w"])
      }
      #expect(
        await curl.get("/api/v1/reload", "-X POST \(bearer())").body
          == #"{"changed":true,"generation":4,"data":{"changes":1,"plan":[{"key":"nats.grace"}]},"warnings":["w"]}"#
          + "\n")
    }
  }

  @Test(
    "refuse nonsense in the query with 400 before anything is run",
    arguments: [
      "dry-run=yes", "dry-run=", "allow-pending=1", "if-generation=-1", "if-generation=x", "confirm-within=soon",
      "confirm-within=", "if-generation=dry-run", "dryrun=true", "dry-run",
    ])
  func badQuery(query: String) async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, service in
      let reply = await curl.get("/api/v1/reload?\(query)", "-X POST \(bearer())")
      #expect(reply.status == 400 && reply.body.contains(#""code":"bad-argument""#), "\(reply.body)")
      #expect(service.commands.withLock { $0.isEmpty })
    }
  }

  @Test(
    "refuse a wrong body with 400 and name the place or the member",
    arguments: [
      (#"{"optional":tru}"#, "line 1, column 13"), ("{\n \"optional\": true,\n}", "line 3, column 1"),
      ("", "line 1, column 1"), ("[true]", "must be a JSON object"), ("{}", #"\"optional\" must be true or false"#),
      (#"{"optional":"yes"}"#, #"\"optional\" must be"#), (#"{"optinal":true}"#, #"did you mean \"optional\"?"#),
      (#"{"optional":true,"xyzzy":1}"#, "there are: optional, force, for, reason, reset"),
      (#"{"optional":true,"optional":false}"#, "stands twice"), (#"{"optional":true,"for":"0s"}"#, #"\"for\" must be"#),
      (#"{"optional":true,"for":30}"#, #"\"for\" must be"#), (#"{"optional":true,"force":1}"#, #"\"force\" must be"#),
      (#"{"optional":true,"reason":""}"#, #"\"reason\" must be"#), (#"{"reset":false}"#, #"\"reset\" must be true"#),
      (#"{"reset":true,"optional":true}"#, "stand alone"), ("\u{FEFF}{}", "line 1, column 1"),
    ])
  func badBody(json: String, said: String) async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, service in
      let reply = await curl.get("/api/v1/nats/policy", body(json))
      #expect(reply.status == 400 && reply.body.contains(#""code":"bad-argument""#))
      #expect(reply.body.contains(said), "\(reply.body)")
      #expect(service.commands.withLock { $0.isEmpty })
    }
  }

  @Test("without a body are 411, with one over the bound 413, whether its length was told or not")
  func bodySize() async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, service in
      let none = await curl.get("/api/v1/nats/policy", "-X PUT \(bearer())")
      #expect(none.status == 411 && none.body.contains(#""code":"length-required""#))
      let url = "'http://127.0.0.1:\(curl.port)/api/v1/nats/policy'"
      for chunked in ["", "-H 'Transfer-Encoding: chunked'"] {
        for (size, status) in [(65_536, "400"), (65_537, "413"), (3_000_000, "413")] {
          let sent = await Shell.run(
            "head -c \(size) /dev/zero | curl -sS --max-time 20 -o /dev/null -w '%{http_code}' -X PUT -H 'Expect:' "
              + "\(bearer()) \(chunked) --data-binary @- \(url)")
          #expect(sent.output == status, "\(size) \(chunked)")
        }
        let spaces = await Shell.run(
          "(head -c 65520 /dev/zero | tr '\\0' ' '; printf '{\"reset\":true}') | curl -sS --max-time 20 -o /dev/null "
            + "-w '%{http_code}' -X PUT \(bearer()) \(chunked) --data-binary @- \(url)")
        #expect(spaces.output == "200")
      }
      #expect(service.commands.withLock { $0.count } == 2)
    }
  }

  @Test("whose body does not come are 504 within the bound, and the server goes on")
  func slowBody() async throws {
    let file = try TokenFile()
    var limits = HTTPLimits()
    limits.bodyDeadline = .milliseconds(300)
    try await withServer(limits: limits, tokenFile: file.path) { curl, service in
      let head = "PUT /api/v1/nats/policy HTTP/1.1\\r\\nHost: x\\r\\nAuthorization: Bearer \(TokenFile.token)\\r\\n"
      for _ in 0..<5 {
        let reply = await Shell.run(
          "(printf '\(head)Content-Length: 100\\r\\n\\r\\n{'; sleep 2) | socat -t 5 - TCP:127.0.0.1:\(curl.port)")
        #expect(reply.output.hasPrefix("HTTP/1.1 504") && reply.output.contains("the body was not there within"))
      }
      let cut = await Shell.run(
        "printf '\(head)Content-Length: 100\\r\\n\\r\\n{' | timeout 5 socat -t 0.05 - TCP:127.0.0.1:\(curl.port)")
      #expect(cut.status == 0)
      #expect(await curl.get("/health").status == 200)
      #expect(service.commands.withLock { $0.isEmpty })
    }
  }

  @Test("keep to their methods: 405 with Allow for all of a path's rows")
  func methods() async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, _ in
      for (path, method, allow) in [
        ("/api/v1/reload", "GET", "POST"), ("/api/v1/reload", "PUT", "POST"),
        ("/api/v1/nats/policy", "POST", "GET, HEAD, PUT"), ("/api/v1/nats/policy", "DELETE", "GET, HEAD, PUT"),
        ("/api/v1/config", "PUT", "GET, HEAD"),
      ] {
        let reply = await curl.get(path, "-X \(method) \(bearer())")
        #expect(reply.status == 405 && reply.headers["allow"] == allow, "\(method) \(path): \(reply)")
      }
      #expect(await curl.get("/api/v1/reloads", "-X POST \(bearer())").status == 404)
    }
  }

  @Test("leave a line in the audit log each, whatever came of it and whatever the log level, without the token")
  func audit() async throws {
    let file = try TokenFile()
    let log = LogLines()
    try await withServer(tokenFile: file.path, log: log) { curl, service in
      _ = await curl.get("/api/v1/reload?dry-run=true", "-X POST \(bearer())")
      _ = await curl.get("/api/v1/reload", "-X POST \(bearer("wrong-token"))")
      service.set { $0.reply = .failure(ProtocolError(.dependencyDown, "NATS is down")) }
      _ = await curl.get("/api/v1/nats/policy", body(#"{"optional":false,"reason":"a \"b\" c"}"#))
      _ = await curl.get("/api/v1/nats/policy", body("{"))
      _ = await curl.get("/api/v1/nats/policy")
    }
    let uid = geteuid()
    #expect(
      log.all == [
        "notice: admin command address=127.0.0.1 command=reload dry-run generation=7 result=ok uid=\(uid)",
        "notice: admin command address=127.0.0.1 command=POST /api/v1/reload generation=7 result=403 forbidden uid=\(uid)",
        #"notice: admin command address=127.0.0.1 command=nats required reason "a \"b\" c" generation=7 "#
          + "result=409 dependency-down uid=\(uid)",
        "notice: admin command address=127.0.0.1 command=PUT /api/v1/nats/policy generation=7 "
          + "result=400 bad-argument uid=\(uid)",
      ])
  }

  @Test("that take too long are 504 and say that the outcome is not known; it is audited when it comes")
  func late() async throws {
    let file = try TokenFile()
    let log = LogLines()
    var limits = HTTPLimits()
    limits.requestDeadline = .milliseconds(200)
    try await withServer(limits: limits, tokenFile: file.path, log: log) { curl, service in
      service.set { $0.hangs = true }
      let reply = await curl.get("/api/v1/nats/policy", body(#"{"reset":true}"#))
      #expect(reply.status == 504 && reply.body.contains("its outcome is not known"))
      service.set { $0.hangs = false }
      #expect(await eventually { log.all.contains { $0.contains("command=nats reset generation=7 result=ok") } })
    }
  }

  @Test("count a token that was replaced or withdrawn at once")
  func rotated() async throws {
    let file = try TokenFile()
    try await withServer(tokenFile: file.path) { curl, _ in
      #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 200)
      file.rewrite("another-token")
      #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 403)
      #expect(await curl.get("/api/v1/reload", "-X POST -H 'authorization: bearer  another-token'").status == 200)
      file.rewrite("")
      let reply = await curl.get("/api/v1/reload", "-X POST \(bearer(""))")
      #expect(reply.status == 403)
      #expect(await curl.get("/api/v1/reload", "-X POST \(bearer("another-token"))").status == 403)
    }
  }
}
