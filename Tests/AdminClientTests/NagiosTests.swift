import AdminClient
import AdminProtocol
import Testing

@Suite("health --nagios")
struct NagiosTests {
  private func server(state: String, ready: Bool, check: String) throws -> FakeServer {
    let health =
      "{\"state\":\"\(state)\",\"ready\":\(ready),\"checks\":{\"config\":{\"status\":\"pass\",\"observed_value\":\"committed\"},"
      + "\"nats_connection\":{\"status\":\"\(check)\",\"observed_value\":\"down | refused\"}},\"uptime_seconds\":12}"
    let status =
      "{\"exchanges\":{\"a\":{\"is_connected\":true,\"messages_received\":10,\"gaps\":1,\"books_synchronised\":2,\"books_total\":3},"
      + "\"b\":{\"is_connected\":false,\"messages_received\":5,\"gaps\":0,\"books_synchronised\":0,\"books_total\":1}},"
      + "\"nats\":{\"events\":{\"published\":7}}}"
    return try FakeServer { line in
      [.send("\n{\"v\":1,\"ok\":true,\"code\":200,\"data\":\(line == "json health" ? health : status)}\n")]
    }
  }

  @Test(
    "the state decides the status",
    arguments: [
      ("ok", 0, "OK"), ("degraded", 1, "WARNING"), ("starting", 1, "WARNING"), ("draining", 1, "WARNING"),
      ("failing", 2, "CRITICAL"), ("novel", 3, "UNKNOWN"),
    ])
  func states(state: String, status: Int32, name: String) throws {
    let run = try ToolRun(["health", "--nagios"], server: server(state: state, ready: true, check: "warn"))
    #expect(run.status == status)
    #expect(
      run.output == "MARKETPRISM \(name) - \(state), nats_connection warn: down / refused | "
        + "checks_pass=1;;;0;2 checks_warn=1;;;0;2 checks_fail=0;;;0;2 uptime=12s;;;0 exchanges_up=1;;;0;2 "
        + "books_synchronised=2;;;0;4 messages=15c gaps=1c events_published=7c\n")
    #expect(run.errors.isEmpty)
  }

  @Test("nobody there is critical, silence and refusal are unknown")
  func failures() throws {
    let nobody = try ToolRun(["health", "--nagios", "--socket", "/tmp/ctl-nobody/c.sock"])
    #expect(nobody.status == 2 && nobody.output.hasPrefix("MARKETPRISM CRITICAL - cannot connect"))
    let silent = try FakeServer { _ in [.wait(milliseconds: 1000)] }
    let late = try ToolRun(["health", "--nagios", "--timeout", "200ms"], server: silent)
    #expect(late.status == 3 && late.output.hasPrefix("MARKETPRISM UNKNOWN - timed out"))
    let busy = try FakeServer { _ in [.send("ERR 429 too-many-connections: 16 are open\n"), .close] }
    let refused = try ToolRun(["health", "--nagios"], server: busy)
    #expect(refused.status == 3 && refused.output == "MARKETPRISM UNKNOWN - 429 too-many-connections 16 are open\n")
  }
}
