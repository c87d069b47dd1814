import AdminProtocol
import AdminSocket
import Glibc
import Testing

let ownUID = geteuid()

/// A process of a user without a name, as the kernel shows it to the server.
struct Person {
  var uid: Int
  var gid: Int
  var groups: [String] = []

  /// What `echo TEXT | socat - UNIX-CONNECT:PATH` prints when this person runs it.
  func socat(_ path: String, _ text: String) async throws -> String {
    let supplementary = groups.isEmpty ? "--clear-groups" : "--groups=" + groups.joined(separator: ",")
    let identity = ["setpriv", "--reuid=\(uid)", "--regid=\(gid)", supplementary]
    return try await output(of: identity + ["socat", "-", "UNIX-CONNECT:\(path)"], input: [Array(text.utf8)])
  }
}

@Suite("Roles of real users", .enabled(if: geteuid() == 0, "only root can become other users"))
struct RoleMatrixTests {
  private static let rules = [
    RoleRule(role: .viewer, groups: ["users"]),
    RoleRule(role: .operator, uids: [60007], groups: ["games"]),
    RoleRule(role: .admin, gids: [60099]),
  ]

  static let people: [(Person, Role?)] = [
    (Person(uid: 0, gid: 0), .admin),
    (Person(uid: 0, gid: 65534), .admin),
    (Person(uid: 60001, gid: 60001, groups: ["60099", "100"]), .admin),
    (Person(uid: 60002, gid: 60, groups: []), .operator),
    (Person(uid: 60003, gid: 60003, groups: ["5", "60", "100"]), .operator),
    (Person(uid: 60007, gid: 60007), .operator),
    (Person(uid: 60004, gid: 100), .viewer),
    (Person(uid: 60005, gid: 60005, groups: ["100"]), .viewer),
    (Person(uid: 60006, gid: 60006), nil),
    (Person(uid: 65534, gid: 65534, groups: ["5", "6", "7"]), nil),
  ]

  /// Lets everybody come as far as the socket: here the roles are tested, not the file's mode.
  private func open(_ path: String) throws {
    try #require(chmod(path, 0o666) == 0)
    try #require(chmod(String(path.dropLast("/collector.sock".count)), 0o755) == 0)
  }

  @Test(
    "every command of the table is open to its role and to none below, and each change tried is audited once",
    arguments: people.indices)
  func matrix(index: Int) async throws {
    let (person, role) = Self.people[index]
    let log = LogLines()
    let commands = CommandTable.all.filter { ![.quit, .prompt].contains($0.id) }
    try await withServer(roles: Self.rules, log: log) { (_, path) async throws in
      try open(path)
      let requests = commands.map { "json \($0.example)\n" }.joined()
      let replies = try await person.socat(path, requests).split(separator: "\n")
      guard let role else {
        #expect(
          replies == [
            "ERR 403 forbidden: uid \(person.uid) has no role here; admin.roles names who has one generation=7"
          ])
        return
      }
      try #require(replies.count == commands.count)
      for (command, reply) in zip(commands, replies) {
        let forbidden = reply.contains("\"code\":403,\"error\":\"forbidden\"")
        #expect(forbidden == (command.role > role), "\(command.name) by \(role): \(reply)")
      }
    }
    guard let role else {
      #expect(log.all == ["admin connection refused: no role uid=\(person.uid)"])
      return
    }
    let changes = commands.filter(\.changes)
    try #require(log.all.count == changes.count)
    for (command, line) in zip(changes, log.all) {
      #expect(line.hasPrefix("admin command command=\(command.name)") && line.hasSuffix("uid=\(person.uid)"))
      #expect(line.contains("generation=7"))
      #expect(line.contains("result=403 forbidden") == (command.role > role))
    }
  }

  @Test("who has no role is told so for each command alone, and holds no place")
  func strangers() async throws {
    var limits = AdminSocketLimits()
    limits.connections = 2
    try await withServer(limits: limits, roles: Self.rules) { (server, path) async throws in
      try open(path)
      let stranger = Person(uid: 60006, gid: 60006)
      for command in CommandTable.all.map(\.example).prefix(8) {
        #expect(try await stranger.socat(path, command + "\n").hasPrefix("ERR 403 forbidden: uid 60006 has no role"))
      }
      #expect(server.counters.connections == 0 && server.counters.refusedConnections == 8)
      #expect(server.counters.requests == 0)
    }
  }

  @Test("a group that the process has given up gives nothing, whatever the group file says")
  func groupGivenUp() async throws {
    try await withServer(roles: [RoleRule(role: .operator, groups: ["games"])]) { (_, path) async throws in
      try open(path)
      let member = Person(uid: 60003, gid: 60003, groups: ["60"])
      #expect(withoutProgress(try await member.socat(path, "undrain\n")).hasPrefix("OK"))
      let former = Person(uid: 60003, gid: 60003)
      #expect(
        try await former.socat(path, "undrain\n").hasPrefix("ERR 403 forbidden: \"undrain\" takes the role operator"))
    }
  }

  @Test("a process may have more groups than fit at the first try")
  func manyGroups() async throws {
    try await withServer(roles: Self.rules) { (_, path) async throws in
      try open(path)
      let member = Person(uid: 60003, gid: 60003, groups: (61000..<61300).map(String.init) + ["60"])
      #expect(withoutProgress(try await member.socat(path, "undrain\n")).hasPrefix("OK"))
    }
  }

  @Test("without the file's rights nobody comes as far as a role")
  func fileMode() async throws {
    try await withServer { (server, path) async throws in
      #expect(try await Person(uid: 60006, gid: 60006).socat(path, "version\n") == "")
      #expect(server.counters.connections + server.counters.refusedConnections == 0)
    }
  }
}
