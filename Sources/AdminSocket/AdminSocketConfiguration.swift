import AdminProtocol

/// Bounds on what one admin connection, and all together, may use. The defaults are the documented ones.
public struct AdminSocketLimits: Sendable, Equatable {
  /// Connections served at the same time.
  public var connections = 16
  /// Connections beyond those, for root only.
  public var connectionsForRoot = 1
  /// Lines, arguments, payloads.
  public var input = ProtocolLimits()
  /// Output a reader may leave unread before it is dropped, in bytes.
  public var unsentBytes = 1 << 20
  /// Time to the first byte of a connection.
  public var firstByte: Duration = .seconds(10)
  /// Time without input or output while no command runs.
  public var idle: Duration = .seconds(120)
  /// The same after `prompt`.
  public var interactiveIdle: Duration = .seconds(30 * 60)
  /// Time a command may take.
  public var command: Duration = .seconds(30)
  /// Time `reload` may take.
  public var reload: Duration = .seconds(120)
  /// Time between signs of life of a running command; callers count on one every 250 ms.
  public var progress: Duration = .milliseconds(200)
  /// Time a caller gets to read what was said before the connection is cut.
  public var linger: Duration = .seconds(1)

  /// The documented defaults.
  public init() {}

  /// How long a command may take before it is answered with 504.
  func time(for call: CommandCall) -> Duration {
    switch call.specification.time {
    case .short: command
    case .reload: reload
    // The command itself ends in time; what is on top is for its last look around.
    case .asked: .seconds(call.integer("SECONDS") ?? 86400) + command
    }
  }
}

/// Who gets a role. A caller gets the highest role of all rules that name it.
public struct RoleRule: Sendable, Equatable {
  /// The role.
  public var role: Role
  /// Users by number.
  public var uids: [UInt32]
  /// Groups by number, primary or supplementary.
  public var gids: [UInt32]
  /// Users by name, looked up at start.
  public var users: [String]
  /// Groups by name, looked up at start.
  public var groups: [String]

  /// Whether it is more than an empty list; a name nobody has counts, so that a misspelt one does not open the socket to all.
  var namesAnybody: Bool { !(uids.isEmpty && gids.isEmpty && users.isEmpty && groups.isEmpty) }

  /// Makes a rule.
  public init(role: Role, uids: [UInt32] = [], gids: [UInt32] = [], users: [String] = [], groups: [String] = []) {
    self.role = role
    self.uids = uids
    self.gids = gids
    self.users = users
    self.groups = groups
  }
}

/// What the admin socket needs to know.
public struct AdminSocketConfiguration: Sendable {
  /// Where the socket is; its directory is made when missing.
  public var path: String
  /// What `version` answers with.
  public var version: String
  /// Who may do what. Root and the collector's own user are admin always; whom no rule names is a viewer, or nothing
  /// when a rule names viewers.
  public var roles: [RoleRule]
  /// Bounds.
  public var limits: AdminSocketLimits

  /// Makes a configuration.
  public init(
    path: String, version: String, roles: [RoleRule] = [], limits: AdminSocketLimits = AdminSocketLimits()
  ) {
    self.path = path
    self.version = version
    self.roles = roles
    self.limits = limits
  }
}
