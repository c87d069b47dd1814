import AdminProtocol
import AdminSocket
import Testing

@Suite("A connection without its I/O")
struct ConnectionMachineTests {
  private func machine(_ role: Role = .admin) -> ConnectionMachine {
    ConnectionMachine(
      caller: Caller(uid: 5, gid: 5, pid: 5, role: role), limits: AdminSocketLimits(),
      surroundings: .init(version: "collector 1.2", generation: { 7 }, promptState: { "up" }))
  }

  private func commands(_ actions: [ConnectionMachine.Action]) -> [String] {
    actions.compactMap { action in
      if case .run(let number, let call) = action { "\(number) \(call.specification.name)" } else { nil }
    }
  }

  private func written(_ actions: [ConnectionMachine.Action]) -> String {
    actions.map { action in
      if case .write(let text) = action { text } else { "" }
    }.joined()
  }

  @Test("the next request is taken up once the reply before it is sent, and input is held back meanwhile")
  func order() {
    var machine = machine()
    #expect(machine.wantsInput)
    #expect(commands(machine.received(Array("health\nstatus\n".utf8))) == ["1 health"])
    #expect(!machine.wantsInput)
    let reply = machine.completed(1, Reply(body: ["fine"]))
    #expect(written(reply) == "fine\nOK generation=7\n" && commands(reply).isEmpty)
    #expect(commands(machine.sent(written(reply).utf8.count)) == ["2 status"])
    #expect(machine.wantsInput)
  }

  @Test("at the end of input all is answered and sent before the connection is closed")
  func ended() {
    var machine = machine()
    _ = machine.received(Array("health".utf8))
    #expect(commands(machine.ended()) == ["1 health"])
    let reply = machine.completed(1, Reply())
    #expect(!reply.contains(.close))
    #expect(machine.sent(written(reply).utf8.count) == [.close])
  }

  @Test("after quit nothing more is answered, and the caller gets time to close first")
  func quit() {
    var machine = machine()
    let reply = machine.received(Array("quit\nhealth\n".utf8))
    #expect(written(reply) == "OK generation=7\n" && commands(reply).isEmpty)
    #expect(machine.sent(16) == [.disarm(.idle), .endOutput, .arm(.linger, .seconds(1))])
    #expect(machine.received(Array("health\n".utf8)) == [])
    #expect(machine.ended() == [.close])
  }

  @Test("a changing command whose caller has left goes on and is audited; another is cancelled")
  func disconnected() {
    var changing = machine()
    _ = changing.received(Array("nats required force\n".utf8))
    let quiet: [ConnectionMachine.Action] = [.disarm(.idle), .disarm(.progress), .disarm(.linger)]
    #expect(changing.disconnected() == quiet)
    let caller = Caller(uid: 5, gid: 5, pid: 5, role: .admin)
    let record = AuditRecord(caller: caller, command: "nats required force", result: "ok", generation: 8)
    #expect(changing.completed(1, Reply(changed: true, generation: 8)) == [.disarm(.command), .audit(record)])
    var looking = machine()
    _ = looking.received(Array("health\n".utf8))
    #expect(looking.disconnected() == quiet + [.disarm(.command), .cancel(number: 1)])
  }

  @Test("who loses its role while connected is refused whatever it asks from then on")
  func roleLost() {
    var machine = machine()
    machine.changed(role: nil, limits: AdminSocketLimits())
    let refused = machine.received(Array("health\n".utf8))
    #expect(
      written(refused) == "ERR 403 forbidden: uid 5 has no role here; admin.roles names who has one generation=7\n")
    _ = machine.sent(written(refused).utf8.count)
    machine.changed(role: .viewer, limits: AdminSocketLimits())
    #expect(commands(machine.received(Array("health\n".utf8))) == ["1 health"])
  }

  @Test("a changing command that takes too long is audited once, as timed out")
  func timedOut() {
    var machine = machine()
    _ = machine.received(Array("nats reset\n".utf8))
    let audits = machine.fired(.command).compactMap { action in
      if case .audit(let record) = action { record.result } else { nil }
    }
    #expect(audits == ["504 timeout"])
    #expect(machine.completed(1, Reply(changed: true)) == [.count(.lateReply)])
  }

  @Test("a caller that has not read its last sign of life gets no other")
  func noHeap() {
    var machine = machine()
    _ = machine.received(Array("json health\n".utf8))
    #expect(written(machine.fired(.progress)) == "\n")
    #expect(written(machine.fired(.progress)).isEmpty)
    _ = machine.sent(1)
    #expect(written(machine.fired(.progress)) == "\n")
  }
}
