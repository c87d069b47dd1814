import Glibc
import Testing

extension ProgramTests {
  @Suite("Reload of the listeners")
  struct ListenerReloadTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func start(
      _ change: (inout Configuration) -> Void = { _ in }
    ) async throws -> (Collector, Configuration) {
      var configuration = Configuration(exchange: try await Exchange(in: scratch))
      configuration.httpPort = try freePort()
      change(&configuration)
      return (try await Collector(configuration, in: scratch), configuration)
    }

    private func curl(_ port: Int, _ path: String, _ options: String = "") async throws -> HTTPReply {
      let command = "curl -sS -g -i --max-time 20 \(options) 'http://127.0.0.1:\(port)\(path)'"
      return HTTPReply(try await Shell.run(command, in: scratch).output)
    }

    private func descriptors(_ collector: Collector) async throws -> Int {
      Int(
        try await Shell.run("ls /proc/\(collector.program.pid)/fd | wc -l", in: scratch).output
          .prefix { $0.isNumber }) ?? -1
    }

    /// What a request with the token says to curl.
    private static let token = "a-token.for-tests"
    private static let bearer = "-H 'Authorization: Bearer \(token)'"

    @Test("the HTTP port moves without a restart; the old answers until the new does")
    func port() async throws {
      var (collector, configuration) = try await start()
      let old = configuration.httpPort
      #expect(try await curl(old, "/health/live").status == 200)
      configuration.httpPort = try freePort()
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      #expect(try await curl(configuration.httpPort, "/health/live").status == 200)
      try await poll("the old port is closed") { try await curl(old, "/health/live").status == 0 }
      // What was counted before the move is still counted.
      let metrics = try await curl(configuration.httpPort, "/metrics").body
      let count = metrics.firstMatch(of: /marketprism_http_requests_total\{status="200"\} (\d+)/)
      #expect((count.flatMap { Int($0.1) } ?? 0) >= 3)
      try await collector.stop()
    }

    @Test("a port in use refuses the reload with the key's place, twenty times without leaving a descriptor")
    func occupied() async throws {
      var (collector, configuration) = try await start()
      let other = try NATSServer(in: scratch)
      try await other.start()
      let old = configuration.httpPort
      configuration.httpPort = other.port
      try collector.rewrite(configuration)
      let first = try await collector.admin("reload").split(separator: "\n")
      #expect(first.last?.hasPrefix("ERR 422 invalid-config: http: ") == true, "\(first)")
      #expect(
        first.first?.contains(
          /collector\.yaml:\d+:\d+: collector\.http_port: .*127\.0\.0\.1:\d+: the port is in use/) == true, "\(first)")
      let before = try await descriptors(collector)
      for _ in 0..<20 { #expect(try await collector.trailer("reload").hasPrefix("ERR 422")) }
      try await poll("no descriptor is left") { try await descriptors(collector) <= before }
      #expect(try await curl(old, "/health/live").status == 200)
      #expect(try await collector.jq("/status", ".collector.generation") == "1")
      try await collector.stop()
    }

    @Test("a connection that is kept survives a reload of something else")
    func keptAlive() async throws {
      var (collector, configuration) = try await start()
      let url = "http://127.0.0.1:\(configuration.httpPort)/health/live"
      let held = try Program(
        [
          "curl", "-sS", "--rate", "20/m", "-o", "/dev/null", "-o", "/dev/null", "-w",
          "%{http_code} %{num_connects},", url, url,
        ], in: scratch)
      try await poll("the first answer") { held.output.hasPrefix("200 1,") }
      configuration.logLevel = "debug"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      #expect(try await held.ending() == .exit(0))
      #expect(held.output == "200 1,200 0,")
      try await collector.stop()
    }

    @Test("a reload asked for over HTTP answers on the port that it gives up, also when address or port are its own")
    func overHTTP() async throws {
      let file = try scratch.write(Self.token + "\n", to: "token")
      var (collector, configuration) = try await start { $0.more = "http: { token_file: \(file) }" }
      let old = configuration.httpPort
      #expect(try await curl(old, "/api/v1/reload", "-X POST").status == 403)
      configuration.httpPort = try freePort()
      try collector.rewrite(configuration)
      let dry = try await curl(old, "/api/v1/reload?dry-run=true", "-X POST \(Self.bearer)")
      #expect(dry.status == 200 && dry.body.contains(#""changed":false,"generation":1"#))
      #expect(dry.body.contains(#""key":"collector.http_port""#))
      let moved = try await curl(old, "/api/v1/reload?if-generation=1", "-X POST \(Self.bearer)")
      #expect(moved.status == 200 && moved.body.contains(#""changed":true,"generation":2"#), "\(moved)")
      try await poll("the old port is closed") { try await curl(old, "/health/live").status == 0 }

      let port = configuration.httpPort
      #expect(try await curl(port, "/api/v1/reload?if-generation=1", "-X POST \(Self.bearer)").status == 412)
      for (address, generation) in [("0.0.0.0", 3), ("127.0.0.1", 4)] {
        configuration.more = "http: { token_file: \(file), address: \(address) }"
        try collector.rewrite(configuration)
        let handed = try await curl(port, "/api/v1/reload", "-X POST \(Self.bearer)")
        #expect(handed.status == 200 && handed.body.contains(#""generation":\#(generation)"#), "\(handed)")
        #expect(try await curl(port, "/health/live").status == 200)
      }
      configuration.more = "natz: {}"
      try collector.rewrite(configuration)
      let refused = try await curl(port, "/api/v1/reload", "-X POST \(Self.bearer)")
      #expect(refused.status == 422 && refused.body.contains(#""code":"invalid-config""#))
      #expect(refused.body.contains(/"generation":4,"errors":\[".*collector\.yaml:\d+:1: natz: unknown key/))
      let audit = collector.program.errors.split(separator: "\n").filter { $0.contains("admin command") }
      #expect(audit.count == 7 && audit.allSatisfy { $0.contains("address=127.0.0.1") }, "\(audit)")
      #expect(!collector.program.errors.contains(Self.token))
      try await collector.stop()
    }

    @Test("a port that nobody confirms is given up again, and the old one never stopped answering")
    func unconfirmed() async throws {
      let file = try scratch.write(Self.token, to: "token")
      var (collector, configuration) = try await start { $0.more = "http: { token_file: \(file) }" }
      let old = configuration.httpPort
      configuration.httpPort = try freePort()
      try collector.rewrite(configuration)
      let asked = try await curl(old, "/api/v1/reload?confirm-within=2s", "-X POST \(Self.bearer)")
      #expect(asked.status == 200 && asked.body.contains(#""changed":true"#), "\(asked)")
      #expect(try await curl(configuration.httpPort, "/health/live").status == 200)
      #expect(try await curl(old, "/health/live").status == 200)
      try await poll("the new port is closed") { try await curl(configuration.httpPort, "/health/live").status == 0 }
      #expect(try await collector.jq("/status", ".collector.generation") == "1")
      try await collector.stop()
    }

    @Test("the settings in force are shown over HTTP as config show shows them")
    func shown() async throws {
      let (collector, configuration) = try await start()
      let shown = try await collector.admin("config show").split(separator: "\n").dropLast()
      let text = try await collector.jq("/api/v1/config", ".text")
      #expect(text.split(separator: "\n") == Array(shown))
      #expect(text.contains("http_port: \(configuration.httpPort)"))
      #expect(try await collector.jq("/api/v1/config?key=nats.grace", "[.generation, .key]") == #"[1,"nats.grace"]"#)
      let unknown = try await collector.get("/api/v1/config?key=nats.grce")
      #expect(unknown.status == 404 && unknown.body.contains("did you mean"), "\(unknown)")
      try await collector.stop()
    }

    @Test("the token's file changes live; one without a token refuses the reload")
    func token() async throws {
      let file = try scratch.write(Self.token, to: "token")
      let empty = try scratch.write("", to: "empty")
      var (collector, configuration) = try await start()
      let port = configuration.httpPort
      #expect(try await curl(port, "/api/v1/reload", "-X POST \(Self.bearer)").body.contains("set http.token_file"))
      configuration.more = "http: { token_file: \(empty) }"
      try collector.rewrite(configuration)
      let refused = try await collector.admin("reload")
      #expect(refused.contains(/collector\.yaml:\d+:\d+: http\.token_file: .*\/empty: is empty/), "\(refused)")
      configuration.more = "http: { token_file: \(file) }"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload").hasPrefix("OK changed=true changes=1"))
      #expect(try await curl(port, "/api/v1/reload", "-X POST \(Self.bearer)").status == 200)

      // NATS is down, so requiring it takes force.
      let put = { (json: String) in "-X PUT \(Self.bearer) -d '\(json)'" }
      #expect(try await curl(port, "/api/v1/nats/policy", put(#"{"optional":false}"#)).status == 409)
      let forced = try await curl(
        port, "/api/v1/nats/policy", put(#"{"optional":false,"force":true,"for":"10m","reason":"a test"}"#))
      #expect(forced.status == 200 && forced.body.contains(#""changed":true"#), "\(forced)")
      let now = try await collector.jq("/api/v1/nats/policy", "[.optional, .source]")
      #expect(now == #"[false,"override"]"#)
      #expect(try await collector.admin("nats status").contains("a test"))
      #expect(try await curl(port, "/api/v1/nats/policy", put(#"{"reset":true}"#)).status == 200)
      #expect(try await collector.jq("/api/v1/nats/policy", "[.optional, .source]") == #"[true,"file"]"#)
      try await collector.stop()
    }

    @Test("roles change live, also for a connection that is open", .enabled(if: geteuid() == 0))
    func roles() async throws {
      var (collector, configuration) = try await start { $0.operators = "users: [nobody]" }
      chmod(scratch.path, 0o755)
      chmod("\(scratch.path)/run", 0o755)
      chmod(collector.socket, 0o666)
      let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups socat -t 5 - UNIX-CONNECT:\(collector.socket)"
      let flag = "\(scratch.path)/flag"
      let program = try Program(
        [
          "bash", "-c",
          "(echo 'log level info'; until [ -e \(flag) ]; do sleep 0.05; done; echo 'log level info') | \(nobody)",
        ], in: scratch)
      try await poll("the first reply") { program.output.contains("changed=false") }
      configuration.operators = "users: []"
      try collector.rewrite(configuration)
      #expect(try await collector.trailer("reload") == "OK changed=true changes=1 generation=2")
      try Files.write("", to: flag)
      #expect(try await program.ending() == .exit(0))
      #expect(program.output.contains("ERR 403 forbidden"))
      let other = try await Shell.run("echo 'log level info' | \(nobody)", in: scratch)
      #expect(other.output.contains("ERR 403 forbidden"))
      try await collector.stop()
    }
  }
}
