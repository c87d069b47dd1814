import Testing

@testable import ServiceNotification

@Suite("The service manager's environment")
struct ServiceEnvironmentTests {
  private func read(_ variables: [String: String]) -> ServiceEnvironment {
    ServiceEnvironment(variables: { variables[$0] }, pid: 42)
  }

  @Test("paths and abstract names are sockets; anything else is none")
  func sockets() {
    #expect(read(["NOTIFY_SOCKET": "/run/n"]).notifySocket == "/run/n")
    #expect(read(["NOTIFY_SOCKET": "@n"]).notifySocket == "@n")
    for text in ["", "vsock:2:1", "relative"] { #expect(read(["NOTIFY_SOCKET": text]).notifySocket == nil) }
    #expect(read([:]) == ServiceEnvironment())
  }

  @Test(
    "the watchdog counts when it is this process's",
    arguments: [
      (["WATCHDOG_USEC": "30000000"], Duration.seconds(30) as Duration?),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"], .seconds(30)),
      (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], nil),
      (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ])
  func watchdog(variables: [String: String], expected: Duration?) {
    #expect(read(variables).watchdog == expected)
  }

  @Test("half of the manager's time lies between two signs of life, and none are given without a socket")
  func interval() {
    let watched = ServiceEnvironment(notifySocket: "@nobody-listens", watchdog: .seconds(30))
    #expect(ServiceNotifier(watched).watchdogInterval == .seconds(15))
    #expect(ServiceNotifier(ServiceEnvironment(watchdog: .seconds(30))).watchdogInterval == nil)
  }

  @Test("a manager that is not there costs nothing but a count")
  func absent() {
    let notifier = ServiceNotifier(ServiceEnvironment(notifySocket: "/nonexistent/notify"))
    notifier.ready(status: "ok")
    notifier.alive()
    #expect(notifier.unsent == 2)
    let overlong = ServiceNotifier(ServiceEnvironment(notifySocket: "/" + String(repeating: "x", count: 200)))
    overlong.ready(status: "ok")
    #expect(overlong.unsent == 0)
  }
}
