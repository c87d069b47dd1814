import AdminProtocol
import AdminSocket
import Testing

@Suite("Audit records")
struct AuditTests {
  private func machine(_ role: Role = .admin) -> ConnectionMachine {
    ConnectionMachine(
      caller: Caller(uid: 5, gid: 6, pid: 7, role: role), limits: AdminSocketLimits(),
      surroundings: .init(version: "collector 1.2", generation: { 3 }, promptState: { "up" }))
  }

  private func audits(_ actions: [ConnectionMachine.Action]) -> [AuditRecord] {
    actions.compactMap { action in
      if case .audit(let record) = action { record } else { nil }
    }
  }

  @Test("a record holds who, what, the result and the generation that came of it")
  func contents() {
    var machine = machine()
    #expect(audits(machine.received(Array("json reload if-generation 3\n".utf8))).isEmpty)
    let records = audits(machine.completed(1, Reply(changed: true, generation: 4)))
    let caller = Caller(uid: 5, gid: 6, pid: 7, role: .admin)
    #expect(records == [AuditRecord(caller: caller, command: "reload if-generation 3", result: "ok", generation: 4)])
  }

  @Test("what only looks leaves no record")
  func looks() {
    var machine = machine()
    _ = machine.received(Array("config diff <<\nnats: { password: secret }\n\n".utf8))
    #expect(audits(machine.completed(1, Reply())).isEmpty)
  }

  @Test("a long or strange argument neither floods nor forges the log")
  func bounded() throws {
    var machine = machine(.viewer)
    let reason = "\u{1B}[2J\u{2028}" + String(repeating: "x", count: 4000)
    let request = Quoting.request(["nats", "required", "reason", "a\nadmin command uid=0" + reason])
    let record = try #require(audits(machine.received(Array((request + "\n").utf8))).first)
    #expect(record.result == "403 forbidden" && record.command.count <= 513)
    #expect(record.command.hasPrefix("nats required reason \"a\\nadmin command uid=0\u{FFFD}[2J\u{FFFD}xxx"))
    #expect(!record.command.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x2028 })
  }

  @Test("at stop a running change and those behind it are recorded as refused, each once")
  func stopped() {
    var machine = machine()
    _ = machine.received(Array("drain; nats reset; status; undrain x; shutdown\n".utf8))
    let records = audits(machine.shutDown())
    #expect(records.map(\.command) == ["drain", "nats reset", "shutdown"])
    #expect(records.allSatisfy { $0.result == "503 shutting-down" })
    #expect(audits(machine.completed(1, Reply(changed: true))).isEmpty)
  }
}
