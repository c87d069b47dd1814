import AdminProtocol
import HTTPAPI

/// Runs `body` against a server on a free port, and stops the server whatever happens.
func withServer(
  limits: HTTPLimits = HTTPLimits(), tokenFile: String? = nil, log: LogLines = LogLines(),
  _ body: (Curl, FakeService) async throws -> Void
) async throws {
  let service = FakeService()
  let server = HTTPAPIServer(
    address: "127.0.0.1", port: 0, tokenFile: tokenFile, service: service, limits: limits, logger: log.logger)
  let port = try await server.start()
  do {
    try await body(Curl(port: port), service)
  } catch {
    service.set { $0.hangs = false }
    await server.stop()
    throw error
  }
  service.set { $0.hangs = false }
  await server.stop()
}

/// Polls until `condition` holds, for ten seconds at most.
func eventually(_ condition: () async -> Bool) async -> Bool {
  for _ in 0..<1000 {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}
