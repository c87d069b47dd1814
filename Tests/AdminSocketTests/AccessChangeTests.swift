import AdminProtocol
import Agent
import Glibc
import Settings
import Testing

@testable import AdminSocket

@Suite("Roles and limits changed by a reload")
struct AccessChangeTests {
  private func change(
    _ old: CollectorSettings.Admin = .init(), _ edit: (inout CollectorSettings.Admin) -> Void
  ) -> ReloadChange {
    var settings = CollectorSettings()
    settings.admin = old
    var new = settings
    edit(&new.admin)
    return ReloadChange(
      old: settings, new: new, changes: SettingsDiff.changes(from: settings, to: new), deadline: .now + .seconds(5))
  }

  private func apply(_ change: ReloadChange, to server: AdminSocketServer) async throws -> any PreparedComponent {
    let prepared = try #require(try await AdminReloadComponent(server: server).prepare(change))
    await prepared.commit()
    return prepared
  }

  @Test(
    "a user loses a role with the next request of a connection that is open, and gets it back when that is undone",
    .enabled(if: geteuid() == 0))
  func role() async throws {
    let rule = RoleRule(role: .operator, users: ["nobody"])
    try await withServer(roles: [rule]) { (server, path) async throws in
      let directory = try TemporaryDirectory()
      defer { directory.remove() }
      let asked = "nats required force reason"
      let wait = { (flag: String) in "until [ -e \(directory.path)/\(flag) ]; do sleep 0.02; done" }
      let script =
        "(echo '\(asked) one'; \(wait("a")); echo '\(asked) two'; \(wait("b")); echo '\(asked) three')"
        + " | setpriv --reuid=65534 --regid=0 --clear-groups socat -t 5 - UNIX-CONNECT:\(path)"
      async let replies = output(of: ["bash", "-c", script], input: [])
      #expect(try await eventually { server.counters.requests == 1 })
      let prepared = try await apply(change { $0.roles.viewer.users = ["nobody"] }, to: server)
      creat("\(directory.path)/a", 0o600)
      #expect(try await eventually { server.counters.refusedRequests == 1 })
      await prepared.revert()
      creat("\(directory.path)/b", 0o600)
      let lines = withoutProgress(try await replies).split(separator: "\n")
      try #require(lines.count == 3)
      #expect(lines[0].hasPrefix("OK reason=one"))
      #expect(lines[1].hasPrefix("ERR 403 forbidden: \"nats required\" takes the role operator, uid 65534 has viewer"))
      #expect(lines[2].hasPrefix("OK reason=three"))
    }
  }

  @Test("more or fewer connections are served from then on, and those that are open stay")
  func connections() async throws {
    var limits = AdminSocketLimits()
    limits.connections = 1
    limits.connectionsForRoot = 0
    try await withServer(limits: limits) { (server, path) async throws in
      let first = try RawClient(path)
      first.send("version\n")
      #expect(try await first.reply().contains("OK"))
      #expect(try await socat(path, "version\n").hasPrefix("ERR 429"))
      // One more place for root is not a setting, so that it has its default now.
      _ = try await apply(change { $0.connections = 2 }, to: server)
      let second = try RawClient(path)
      second.send("version\n")
      #expect(try await second.reply().contains("OK"))
      _ = try await apply(change { $0.connections = 1 }, to: server)
      for client in [first, second] {
        client.send("version\n")
        #expect(try await client.reply().contains("OK"))
      }
      let third = try RawClient(path)
      third.send("version\n")
      #expect(try await third.reply().hasPrefix("ERR 429 too-many-connections: 1 connections"))
    }
  }

  @Test("times count for connections that are open, bounds of input for new ones")
  func limits() async throws {
    try await withServer { (server, path) async throws in
      let client = try RawClient(path)
      client.send("status\n")
      #expect(try await client.reply().contains("done\nOK"))
      _ = try await apply(
        change {
          $0.commandTimeout = .milliseconds(100)
          $0.lineBytes = 256
        }, to: server)
      client.send("status\n")
      #expect(try await client.reply().contains("ERR 504 timeout"))
      let long = "version " + String(repeating: "x", count: 300) + "\n"
      client.send(long)
      #expect(try await client.reply().contains("ERR 400 bad-argument"))
      #expect(try await socat(path, long).hasPrefix("ERR 413 too-large"))
    }
  }

  @Test("other changes do not touch it; names that nobody has are told and are no failure")
  func names() async throws {
    try await withServer { (server, path) async throws in
      let component = AdminReloadComponent(server: server)
      var settings = CollectorSettings()
      settings.nats.optional.toggle()
      let unrelated = ReloadChange(old: CollectorSettings(), new: settings, changes: [], deadline: .now + .seconds(1))
      #expect(try await component.prepare(unrelated) == nil)
      let prepared = try await apply(change { $0.roles.operator.users = ["no-such-user"] }, to: server)
      let said = try await prepared.verify(until: .now + .seconds(1))
      #expect(said.contains("admin.roles names nobody: user no-such-user"))
      await prepared.finish()
      #expect(try await socat(path, "version\n").hasPrefix("collector 1.2"))
    }
  }
}
