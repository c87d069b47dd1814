import AdminProtocol
import AdminSocket
import Logging
import NIOPosix
import Synchronization
import Testing

/// Stands where the agent will: answers a few commands in a fixed way.
struct FakeCollector: CommandHandler {
  var promptState: String { "degraded" }
  var generation: Int { 7 }

  func run(_ call: CommandCall, for caller: Caller, output: CommandOutput) async -> Reply {
    switch call.id {
    case .health:
      return Reply(
        body: ["state: degraded", "OK is not the end"], fields: [ReplyField("state", "degraded")],
        data: ["state": "degraded"])
    case .status:
      // As long as a test wants: until it is cancelled, or its time is over.
      output.progress("looking")
      do { try await Task.sleep(for: .milliseconds(700)) } catch { return Reply(body: ["cancelled"]) }
      return Reply(body: ["done"])
    case .bookShow:
      let line = String(repeating: "x", count: 999)
      return Reply(body: Array(repeating: line, count: call.integer("DEPTH") ?? 1))
    case .exchangeList:
      for _ in 0..<3000 { output.progress(String(repeating: "y", count: 997)) }
      return Reply()
    case .natsRequired:
      if call.flag("force") { return Reply(fields: [ReplyField("reason", call.text("reason") ?? "")], changed: true) }
      return .failure(ProtocolError(.dependencyDown, "NATS is down; add \"force\" to do it anyway"))
    case .drain:
      // A change that takes its time and does not give up.
      output.progress("draining")
      await Task { try? await Task.sleep(for: .milliseconds(400)) }.value
      return Reply(changed: true)
    case .watch:
      for number in 1...(call.integer("SECONDS") ?? 3) { output.line("line \(number)") }
      return Reply()
    case .configCheck:
      let payload = call.payload ?? ""
      return Reply(
        body: payload.utf8.count < 200 ? payload.split(whereSeparator: \.isNewline).map(String.init) : [],
        fields: [ReplyField("bytes", String(payload.utf8.count))])
    default:
      return Reply(
        fields: [ReplyField("command", call.specification.name)], changed: call.specification.changes ? false : nil)
    }
  }
}

/// Keeps what is logged.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  var logger: Logger { Logger(label: "admin") { _ in Recorder(lines: self) } }

  private struct Recorder: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .critical

    init(lines: LogLines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = (event.metadata ?? [:]).filter { $0.key != "pid" }.sorted { $0.key < $1.key }
      lines.add("\(event.message) " + all.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    }
  }
}

/// Runs a server over a fake collector in a directory of its own, and takes everything away afterwards.
func withServer(
  limits: AdminSocketLimits = AdminSocketLimits(), roles: [RoleRule] = [], log: LogLines = LogLines(),
  _ body: (AdminSocketServer, String) async throws -> Void
) async throws {
  let directory = try TemporaryDirectory()
  defer { directory.remove() }
  let path = directory.path + "/run/collector.sock"
  let configuration = AdminSocketConfiguration(path: path, version: "collector 1.2", roles: roles, limits: limits)
  let server = AdminSocketServer(
    configuration: configuration, handler: FakeCollector(), group: MultiThreadedEventLoopGroup.singleton,
    logger: log.logger)
  try await server.start()
  do {
    try await body(server, path)
  } catch {
    await server.stop()
    throw error
  }
  await server.stop()
}
