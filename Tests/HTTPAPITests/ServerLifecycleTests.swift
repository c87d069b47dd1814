import Agent
import HTTPAPI
import Logging
import Testing

@Suite("the HTTP server")
struct ServerLifecycleTests {
  private func server(_ address: String = "127.0.0.1", port: Int, limits: HTTPLimits = HTTPLimits()) -> HTTPAPIServer {
    HTTPAPIServer(
      address: address, port: port, service: FakeService(), limits: limits,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }

  @Test("HEAD has the headers of GET and no body", arguments: ["/health", "/metrics", "/nowhere"])
  func head(path: String) async throws {
    try await withServer { curl, service in
      service.set { $0.metrics = "# none\n" }
      let get = await curl.get(path)
      let head = await curl.get(path, "--head")
      #expect(head.status == get.status && head.body.isEmpty)
      #expect(head.headers["content-length"] == String(get.body.utf8.count))
      #expect(head.headers["content-type"] == get.headers["content-type"])
    }
  }

  @Test("answers are dated and not cached")
  func headers() async throws {
    try await withServer { curl, _ in
      let reply = await curl.get("/health")
      #expect(reply.headers["cache-control"] == "no-store")
      let parsed = await Shell.run("date -u -d '\(reply.headers["date"] ?? "none")' '+%a, %d %b %Y %H:%M:%S GMT'")
      #expect(parsed.output == (reply.headers["date"] ?? "") + "\n")
    }
  }

  @Test("an occupied port is an error that names it")
  func occupied() async throws {
    let first = server(port: 0)
    let port = try await first.start()
    let error = await #expect(throws: HTTPStartError.self) { _ = try await server(port: port).start() }
    #expect(error?.reason == .addressInUse)
    #expect(
      error?.description == "cannot open the HTTP port 127.0.0.1:\(port): the port is in use by another program")
    await first.stop()
    // Another test's child may hold a copy of the socket between its fork and its exec, so this is tried again.
    let isFree = await eventually {
      let second = server(port: port)
      let reopened = try? await second.start()
      await second.stop()
      return reopened == port
    }
    #expect(isFree)
  }

  @Test(
    "an address that is not of this machine, or none at all, is an error",
    arguments: ["192.0.2.1", "no such host", "256.1.1.1", ""])
  func badAddress(address: String) async throws {
    let error = await #expect(throws: HTTPStartError.self) { _ = try await server(address, port: 0).start() }
    #expect(error?.reason == .badAddress, "\(String(describing: error))")
    #expect(error?.description.contains(address.isEmpty ? "empty" : address) == true)
  }

  @Test("a port that is none is an error", arguments: [-1, 65_536, Int.max])
  func badPort(port: Int) async throws {
    let error = await #expect(throws: HTTPStartError.self) { _ = try await server(port: port).start() }
    #expect(error?.reason == .badAddress)
  }

  @Test("a server starts once")
  func once() async throws {
    let one = server(port: 0)
    _ = try await one.start()
    await #expect(throws: HTTPStartError.self) { _ = try await one.start() }
    await one.stop()
    await one.stop()
    await #expect(throws: HTTPStartError.self) { _ = try await one.start() }
  }

  @Test("stop closes idle connections and lets a request under way finish")
  func gracefulStop() async throws {
    let service = FakeService()
    let one = HTTPAPIServer(
      address: "127.0.0.1", port: 0, service: service,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let curl = Curl(port: try await one.start())
    service.set { $0.hangs = true }
    async let reply = curl.get("/health")
    #expect(await eventually { service.waiting.withLock { $0 } == 1 })
    async let stopped: Void = one.stop()
    try await Task.sleep(for: .milliseconds(50))
    service.set { $0.hangs = false }
    #expect(await reply.status == 200)
    await stopped
    #expect(await curl.get("/health").status == 0)
  }

  @Test("stop does not wait longer than its bound for a request that hangs")
  func boundedStop() async throws {
    var limits = HTTPLimits()
    limits.stopDeadline = .milliseconds(200)
    let service = FakeService()
    let one = HTTPAPIServer(
      address: "127.0.0.1", port: 0, service: service, limits: limits,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let curl = Curl(port: try await one.start())
    service.set { $0.hangs = true }
    async let reply = curl.get("/health")
    #expect(await eventually { service.waiting.withLock { $0 } == 1 })
    let took = await ContinuousClock().measure { await one.stop() }
    #expect(took < .seconds(3))
    service.set { $0.hangs = false }
    _ = await reply
  }

  @Test(
    "a connection that says nothing, or half a request, or nothing more, is closed",
    arguments: ["", "GET /hea", "GET /health HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"])
  func idle(sent: String) async throws {
    var limits = HTTPLimits()
    limits.idleSeconds = 1
    try await withServer(limits: limits) { curl, _ in
      let script =
        "exec 3<>/dev/tcp/127.0.0.1/\(curl.port); printf \"\(sent)\" >&3; timeout 10 cat <&3 >/dev/null; echo $?"
      #expect(await Shell.run("bash -c '\(script)'").output == "0\n")
    }
  }

  @Test("connections beyond the bound wait until there is room")
  func connectionBound() async throws {
    var limits = HTTPLimits()
    limits.connections = 1
    limits.idleSeconds = 1
    try await withServer(limits: limits) { curl, _ in
      async let holder = Shell.run("bash -c 'exec 3<>/dev/tcp/127.0.0.1/\(curl.port); timeout 10 cat <&3'")
      async let replies = [curl.get("/health").status, curl.get("/health").status]
      #expect(await replies == [200, 200])
      _ = await holder
    }
  }

  @Test("an agent that does not answer is 504 at the deadline")
  func deadline() async throws {
    var limits = HTTPLimits()
    limits.requestDeadline = .milliseconds(200)
    try await withServer(limits: limits) { curl, service in
      service.set { $0.hangs = true }
      let reply = await curl.get("/health")
      #expect(reply.status == 504 && reply.body.hasPrefix(#"{"error":{"code":"timeout","#))
      #expect(await curl.get("/nowhere").status == 404)
    }
  }

  @Test("fresh snapshots beyond the bound are 429, cached ones are served, and room comes back")
  func snapshotBound() async throws {
    var limits = HTTPLimits()
    limits.freshSnapshots = 2
    try await withServer(limits: limits) { curl, service in
      service.set { $0.hangs = true }
      let path = "/api/v1/snapshot/binance/BTC-USDT"
      async let first = curl.get(path)
      async let second = curl.get(path)
      #expect(await eventually { service.waiting.withLock { $0 } == 2 })
      let third = await curl.get(path)
      #expect(third.status == 429 && third.body.contains(#""code":"too-many-requests""#))
      service.set { $0.hangs = false }
      #expect(await first.status == 200)
      #expect(await second.status == 200)
      #expect(await curl.get(path).status == 200)
    }
  }

  @Test("a hanging agent cannot pile up requests beyond the bound, and answers are counted by status")
  func requestBound() async throws {
    var limits = HTTPLimits()
    limits.requests = 2
    limits.requestDeadline = .milliseconds(100)
    let service = FakeService()
    let one = HTTPAPIServer(
      address: "127.0.0.1", port: 0, service: service, limits: limits,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let curl = Curl(port: try await one.start())
    service.set { $0.hangs = true }
    var statuses: [Int] = []
    for _ in 0..<4 { statuses.append(await curl.get("/health").status) }
    #expect(statuses == [504, 504, 429, 429])
    service.set { $0.hangs = false }
    #expect(await eventually { await curl.get("/status").status == 200 })
    let registry = PrometheusRegistry()
    one.addCounts(to: registry)
    #expect(await registry.text().contains("marketprism_http_requests_total{status=\"504\"} 2\n"))
    let counts = Dictionary(one.requestCounts.map { ($0.status, $0.count) }, uniquingKeysWith: +)
    #expect(counts[504] == 2 && (counts[429] ?? 0) >= 2 && counts[200] == 1)
    await one.stop()
  }
}
