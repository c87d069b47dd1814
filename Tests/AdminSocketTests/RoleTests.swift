import AdminProtocol
import AdminSocket
import Glibc
import Testing

private let isRoot = geteuid() == 0

@Suite("Roles and the audit log")
struct RoleTests {
  @Test("a caller gets the highest role of the rules that name it, without any it is a viewer")
  func rules() {
    let table = RoleTable(
      [
        RoleRule(role: .operator, uids: [1001], gids: [50]), RoleRule(role: .admin, gids: [60]),
        RoleRule(role: .operator, users: ["nobody", "no-such-user"], groups: ["no-such-group"]),
      ], ownUID: 900)
    #expect(table.unknownNames == ["user no-such-user", "group no-such-group"])
    #expect(table.role(uid: 0, groups: []) == .admin && table.role(uid: 900, groups: []) == .admin)
    #expect(table.role(uid: 1001, groups: [7]) == .operator && table.role(uid: 1002, groups: [7, 50]) == .operator)
    #expect(table.role(uid: 1001, groups: [50, 60]) == .admin)
    #expect(table.role(uid: 65534, groups: []) == .operator)
    #expect(table.role(uid: 1002, groups: [7]) == .viewer)
  }

  @Test("once viewers are named, whom no rule names has no role; an empty rule names nobody")
  func strangers() {
    let named = RoleTable([RoleRule(role: .viewer, uids: [1001])], ownUID: 900)
    #expect(named.role(uid: 1001, groups: []) == .viewer && named.role(uid: 1002, groups: [0]) == nil)
    #expect(named.role(uid: 0, groups: []) == .admin && named.role(uid: 900, groups: []) == .admin)
    let misspelt = RoleTable([RoleRule(role: .viewer, users: ["no-such-user"])], ownUID: 900)
    #expect(misspelt.role(uid: 1002, groups: []) == nil)
    let empty = RoleTable([RoleRule(role: .viewer), RoleRule(role: .operator, uids: [1001])], ownUID: 900)
    #expect(empty.role(uid: 1002, groups: []) == .viewer)
  }

  @Test(
    "what changes something takes the role, and is written to the audit log whatever the log level",
    .enabled(if: isRoot))
  func audit() async throws {
    let log = LogLines()
    try await withServer(log: log) { (_, path) async throws in
      #expect(
        withoutProgress(try await asNobody(path, "nats required force\n"))
          == "ERR 403 forbidden: \"nats required\" takes the role operator, uid 65534 has viewer generation=7\n")
      #expect(try await asNobody(path, "health\n").hasSuffix("OK state=degraded generation=7\n"))
      _ = try await socat(path, "health; nats required; nats required force reason 'a b'\n")
    }
    #expect(
      log.all == [
        "admin command command=nats required force generation=7 result=403 forbidden uid=65534",
        "admin command command=nats required generation=7 result=409 dependency-down uid=0",
        "admin command command=nats required force reason \"a b\" generation=7 result=ok uid=0",
      ])
  }

  @Test("a group rule gives its role", .enabled(if: isRoot))
  func group() async throws {
    let rule = RoleRule(role: .operator, groups: ["root"])
    try await withServer(roles: [rule]) { (_, path) async throws in
      #expect(
        withoutProgress(try await asNobody(path, "nats required force\n"))
          == "OK reason=\"\" changed=true generation=7\n")
    }
  }
}
