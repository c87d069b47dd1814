import Testing

@testable import ServiceNotification

@Suite("What the service manager is told")
struct ServiceStateMachineTests {
  private let now = ContinuousClock.now

  @Test("a start, a reload and an end come in the order the manager awaits")
  func order() {
    var machine = ServiceStateMachine()
    #expect(machine.takesLonger()?.text == "EXTEND_TIMEOUT_USEC=15000000\n")
    #expect(machine.ready(status: "ok")?.text == "READY=1\nSTATUS=ok\n")
    #expect(machine.takesLonger() == nil)
    #expect(machine.reloadBegan(microseconds: 7)?.text == "RELOADING=1\nMONOTONIC_USEC=7\nSTATUS=reloading\n")
    #expect(machine.takesLonger()?.text == "EXTEND_TIMEOUT_USEC=15000000\n")
    #expect(machine.reloadEnded(status: "generation 2")?.text == "READY=1\nSTATUS=generation 2\n")
    #expect(machine.stopping(reason: "SIGTERM")?.text == "STOPPING=1\nSTATUS=stopping: SIGTERM\n")
  }

  @Test("READY comes once, and no reload is spoken of before it")
  func once() {
    var machine = ServiceStateMachine()
    #expect(machine.reloadBegan(microseconds: 1) == nil)
    #expect(machine.reloadEnded(status: "") == nil)
    #expect(machine.ready(status: "ok") != nil)
    #expect(machine.ready(status: "ok") == nil)
    #expect(machine.reloadEnded(status: "") == nil)
  }

  @Test("after STOPPING nothing is said")
  func stopped() {
    var machine = ServiceStateMachine()
    _ = machine.ready(status: "ok")
    _ = machine.reloadBegan(microseconds: 1)
    #expect(machine.stopping(reason: "SIGTERM") != nil)
    #expect(machine.stopping(reason: "again") == nil)
    #expect(machine.reloadEnded(status: "late") == nil)
    #expect(machine.status("late", at: now) == nil)
    #expect(machine.takesLonger() == nil)
    #expect(machine.ready(status: "late") == nil)
  }

  @Test("a status is said when it changes, at most once a second, and the latest is not lost")
  func status() {
    var machine = ServiceStateMachine()
    #expect(machine.status("starting", at: now)?.text == "STATUS=starting\n")
    _ = machine.ready(status: "ok")
    #expect(machine.status("ok", at: now + .seconds(5)) == nil)
    #expect(machine.status("a", at: now + .seconds(6))?.text == "STATUS=a\n")
    #expect(machine.status("b", at: now + .milliseconds(6500)) == nil)
    #expect(machine.status("b", at: now + .seconds(7))?.text == "STATUS=b\n")
  }

  @Test("a status is one line and bounded, whatever it holds")
  func oneLine() {
    var machine = ServiceStateMachine()
    #expect(machine.status("a\nWATCHDOG=1\u{0}", at: now)?.text == "STATUS=a WATCHDOG=1 \n")
    let long = machine.status(String(repeating: "é", count: 5000), at: now + .seconds(2))?.text ?? ""
    #expect(long.count == "STATUS=\n".count + 400)
  }
}
