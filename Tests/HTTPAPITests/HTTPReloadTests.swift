import Agent
import Glibc
import Logging
import Settings
import Testing

@testable import HTTPAPI

@Suite("moving the HTTP API")
struct HTTPReloadTests {
  /// A running server with what its settings are.
  private struct Setup {
    let service = FakeService()
    let log = LogLines()
    let server: HTTPAPIServer
    let component: HTTPReloadComponent
    var settings = CollectorSettings()
    var port = 0

    init(address: String = "127.0.0.1", limits: HTTPLimits = HTTPLimits()) async throws {
      let wanted = try freePort()
      settings.collector.httpPort = wanted
      settings.http.address = address
      server = HTTPAPIServer(address: address, port: wanted, service: service, limits: limits, logger: log.logger)
      component = HTTPReloadComponent(server: server)
      port = try await server.start()
    }

    func change(_ edit: (inout CollectorSettings) -> Void) -> ReloadChange {
      var new = settings
      edit(&new)
      return ReloadChange(
        old: settings, new: new, changes: SettingsDiff.changes(from: settings, to: new), deadline: .now + .seconds(5))
    }

    func prepare(_ edit: (inout CollectorSettings) -> Void) async throws -> (any PreparedComponent)? {
      try await component.prepare(change(edit))
    }

    func status(_ port: Int, _ address: String = "127.0.0.1") async -> Int {
      HTTPReply(await Shell.run("curl -sS -g -i --max-time 5 'http://\(address):\(port)/health' 2>&1").output).status
    }
  }

  private static func soon() -> ContinuousClock.Instant { .now + .seconds(5) }

  @Test("opens the new port beside the old, moves, and closes the old; what was counted stays")
  func port() async throws {
    let setup = try await Setup()
    let new = try freePort()
    #expect(await setup.status(setup.port) == 200)
    let prepared = try #require(try await setup.prepare { $0.collector.httpPort = new })
    #expect(await setup.status(setup.port) == 200)
    await prepared.commit()
    #expect(try await prepared.verify(until: Self.soon()) == [])
    // Both answer until the change is final.
    #expect(await setup.status(setup.port) == 200)
    #expect(await setup.status(new) == 200)
    await prepared.finish()
    #expect(await eventually { await setup.status(setup.port) == 0 })
    #expect(await setup.status(new) == 200)
    // Five of curl and one of verify.
    #expect(setup.server.requestCounts.first { $0.status == 200 }?.count == 6)
    await setup.server.stop()
    #expect(await setup.status(new) == 0)
  }

  @Test("a change of something else does not touch it")
  func unrelated() async throws {
    let setup = try await Setup()
    #expect(try await setup.prepare { $0.nats.optional.toggle() } == nil)
    #expect(try await setup.prepare { $0.admin.connections += 1 } == nil)
    await setup.server.stop()
  }

  @Test("a port in use is a failure that names the key and the address, and the old one answers")
  func occupied() async throws {
    let setup = try await Setup()
    let other = try await Setup()
    let failure = await #expect(throws: ReloadFailure.self) {
      _ = try await setup.prepare { $0.collector.httpPort = other.port }
    }
    #expect(failure?.keyPath == "collector.http_port" && failure?.component == "http")
    #expect(failure?.message.contains("127.0.0.1:\(other.port): the port is in use") == true)
    let stranger = await #expect(throws: ReloadFailure.self) {
      _ = try await setup.prepare { $0.http.address = "192.0.2.1" }
    }
    #expect(stranger?.keyPath == "http.address")
    #expect(await setup.status(setup.port) == 200)
    await setup.server.stop()
    await other.server.stop()
  }

  @Test("discard closes the new, revert puts the old back; the old answers throughout")
  func undone() async throws {
    let setup = try await Setup()
    let new = try freePort()
    let discarded = try #require(try await setup.prepare { $0.collector.httpPort = new })
    await discarded.discard()
    #expect(await eventually { await setup.status(new) == 0 })
    let reverted = try #require(try await setup.prepare { $0.collector.httpPort = new })
    await reverted.commit()
    #expect(await setup.status(new) == 200)
    await reverted.revert()
    #expect(await eventually { await setup.status(new) == 0 })
    #expect(await setup.status(setup.port) == 200)
    await setup.server.stop()
  }

  @Test("a request under way on the old port is answered, an idle connection is closed")
  func drained() async throws {
    let setup = try await Setup()
    let new = try freePort()
    let prepared = try #require(try await setup.prepare { $0.collector.httpPort = new })
    setup.service.set { $0.hangs = true }
    async let slow = setup.status(setup.port)
    #expect(await eventually { setup.service.waiting.withLock { $0 } == 1 })
    async let idle = Shell.run("bash -c 'exec 3<>/dev/tcp/127.0.0.1/\(setup.port); timeout 10 cat <&3; echo $?'")
    try await Task.sleep(for: .milliseconds(200))
    await prepared.commit()
    await prepared.finish()
    #expect(await idle.output == "0\n")
    setup.service.set { $0.hangs = false }
    #expect(await slow == 200)
    #expect(await eventually { await setup.status(setup.port) == 0 })
    await setup.server.stop()
  }

  @Test("the same port at an address that excludes the old is handed over, and connections that are open go on")
  func handOver() async throws {
    let setup = try await Setup()
    let url = "http://127.0.0.1:\(setup.port)/status"
    async let held = Shell.run(
      "curl -sS --max-time 20 --rate 30/m -o /dev/null -o /dev/null -w '%{http_code} %{num_connects},' \(url) \(url)")
    #expect(await eventually { setup.server.requestCounts.contains { $0.status == 200 } })
    let prepared = try #require(try await setup.prepare { $0.http.address = "0.0.0.0" })
    #expect(await setup.status(setup.port) == 200)
    await prepared.commit()
    #expect(try await prepared.verify(until: Self.soon()) == [])
    #expect(await setup.status(setup.port) == 200)
    #expect(await setup.status(setup.port, "127.0.0.2") == 200)
    #expect(await held.output == "200 1,200 0,")
    await prepared.finish()

    // And back.
    var other = setup
    other.settings.http.address = "0.0.0.0"
    let back = try #require(try await other.prepare { $0.http.address = "127.0.0.1" })
    await back.commit()
    #expect(try await back.verify(until: Self.soon()) == [])
    await back.finish()
    #expect(await setup.status(setup.port) == 200)
    #expect(await setup.status(setup.port, "127.0.0.2") == 0)
    #expect(setup.log.all == [])
    await setup.server.stop()
    #expect(await setup.status(setup.port) == 0)
  }

  @Test("a port that cannot be handed over goes back to the old address")
  func handOverFails() async throws {
    let setup = try await Setup(address: "127.0.0.2")
    // Somebody else has the port at one address, which excludes all addresses.
    let other = HTTPAPIServer(address: "127.0.0.3", port: setup.port, service: FakeService(), logger: setup.log.logger)
    _ = try await other.start()
    let prepared = try #require(try await setup.prepare { $0.http.address = "0.0.0.0" })
    await prepared.commit()
    let failure = await #expect(throws: ReloadFailure.self) { _ = try await prepared.verify(until: Self.soon()) }
    #expect(failure?.keyPath == "http.address" && failure?.message.contains("0.0.0.0:\(setup.port)") == true)
    await prepared.revert()
    #expect(await setup.status(setup.port, "127.0.0.2") == 200)
    await setup.server.stop()
    await other.stop()
    #expect(await setup.status(setup.port, "127.0.0.2") == 0)
  }

  @Test("a revert after a hand-over that worked opens the old address again")
  func handOverReverted() async throws {
    let setup = try await Setup()
    for _ in 0..<5 {
      let prepared = try #require(try await setup.prepare { $0.http.address = "0.0.0.0" })
      await prepared.commit()
      #expect(await setup.status(setup.port, "127.0.0.2") == 200)
      await prepared.revert()
      #expect(await setup.status(setup.port, "127.0.0.2") == 0)
      #expect(await setup.status(setup.port) == 200)
    }
    await setup.server.stop()
    #expect(await setup.status(setup.port) == 0)
  }

  @Test("the token file changes with the reload, and a bad one refuses it")
  func token() async throws {
    let setup = try await Setup()
    let file = try TokenFile(mode: 0o644)
    let curl = Curl(port: setup.port)
    #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 403)
    let prepared = try #require(try await setup.prepare { $0.http.tokenFile = file.path })
    #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 403)
    await prepared.commit()
    #expect(try await prepared.verify(until: Self.soon()).first?.contains("can be read by every user") == true)
    #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 200)
    await prepared.revert()
    #expect(await curl.get("/api/v1/reload", "-X POST \(bearer())").status == 403)
    for content in ["", String(repeating: "z", count: 5000)] {
      let bad = try TokenFile(content)
      let failure = await #expect(throws: ReloadFailure.self) {
        _ = try await setup.prepare { $0.http.tokenFile = bad.path }
      }
      #expect(failure?.keyPath == "http.token_file" && failure?.message.contains(bad.path) == true)
    }
    await setup.server.stop()
  }

  @Test("no descriptor is left by moves that fail, are discarded, reverted or finished")
  func descriptors() async throws {
    let setup = try await Setup()
    let other = try await Setup()
    #expect(await setup.status(setup.port) == 200)
    let before = listeningSockets()
    for _ in 0..<20 {
      await #expect(throws: ReloadFailure.self) { _ = try await setup.prepare { $0.collector.httpPort = other.port } }
      let new = try freePort()
      let discarded = try #require(try await setup.prepare { $0.collector.httpPort = new })
      await discarded.discard()
      let reverted = try #require(try await setup.prepare { $0.collector.httpPort = new })
      await reverted.commit()
      await reverted.revert()
    }
    #expect(await eventually { listeningSockets() <= before }, "\(listeningSockets()) sockets, \(before) before")
    await setup.server.stop()
    await other.server.stop()
  }

  /// Sockets that this process has open; those of other tests too, which run before or after.
  private func listeningSockets() -> Int {
    var buffer = [CChar](repeating: 0, count: 64)
    return (0..<1024).count { descriptor in
      let count = readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count)
      return count > 7 && String(decoding: buffer[..<7].map(UInt8.init(bitPattern:)), as: UTF8.self) == "socket:"
    }
  }
}

/// A loopback port that nobody listens on at this moment.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  try #require(bound)
  return Int(UInt16(bigEndian: address.sin_port))
}
