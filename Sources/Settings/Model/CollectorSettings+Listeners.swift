extension CollectorSettings {
  /// The section `admin`: the operator's Unix socket.
  public struct Admin: Sendable, Equatable {
    /// Path of the socket, at most 107 bytes (the system's limit).
    public var socket: String
    /// Connections served at one time.
    public var connections: Int
    /// Longest line accepted, in bytes.
    public var lineBytes: Int
    /// Most arguments of a request.
    public var arguments: Int
    /// Longest payload accepted, in bytes.
    public var payloadBytes: Int
    /// A connection without a request for this long is closed.
    public var idleTimeout: Duration
    /// The same for one that asked for a prompt.
    public var interactiveIdleTimeout: Duration
    /// A connection that has not sent its first byte for this long is closed.
    public var firstByteTimeout: Duration
    /// A command that has not finished by then is answered with 504.
    public var commandTimeout: Duration
    /// The same for a reload.
    public var reloadTimeout: Duration
    /// Bytes of replies held for a client that does not read them.
    public var outputBytes: Int
    /// Who may do what.
    public var roles: Roles

    /// A section with the given values.
    public init(
      socket: String = "/run/marketprism/collector.sock", connections: Int = 16, lineBytes: Int = 8192,
      arguments: Int = 64, payloadBytes: Int = 1 << 20, idleTimeout: Duration = .seconds(120),
      interactiveIdleTimeout: Duration = .seconds(30 * 60), firstByteTimeout: Duration = .seconds(10),
      commandTimeout: Duration = .seconds(30), reloadTimeout: Duration = .seconds(120), outputBytes: Int = 1 << 20,
      roles: Roles = Roles()
    ) {
      self.socket = socket
      self.connections = connections
      self.lineBytes = lineBytes
      self.arguments = arguments
      self.payloadBytes = payloadBytes
      self.idleTimeout = idleTimeout
      self.interactiveIdleTimeout = interactiveIdleTimeout
      self.firstByteTimeout = firstByteTimeout
      self.commandTimeout = commandTimeout
      self.reloadTimeout = reloadTimeout
      self.outputBytes = outputBytes
      self.roles = roles
    }
  }

  /// The section `admin.roles`. Root and the service's own user are always allowed everything.
  public struct Roles: Sendable, Equatable {
    /// May read and change.
    public var `operator`: Members
    /// May read.
    public var viewer: Members

    /// Roles with the given members.
    public init(`operator`: Members = Members(groups: ["marketprism-admin"]), viewer: Members = Members()) {
      self.operator = `operator`
      self.viewer = viewer
    }
  }

  /// Who has a role: members of any of the groups, and the users named.
  public struct Members: Sendable, Equatable {
    /// Names of system groups.
    public var groups: [String]
    /// Names of system users.
    public var users: [String]

    /// The given groups and users.
    public init(groups: [String] = [], users: [String] = []) {
      self.groups = groups
      self.users = users
    }
  }

  /// The section `http`; the port is `collector.http_port`.
  public struct HTTP: Sendable, Equatable {
    /// Address listened on.
    public var address: String
    /// File with the token that changing requests must carry.
    public var tokenFile: String?

    /// A section with the given values.
    public init(address: String = "127.0.0.1", tokenFile: String? = nil) {
      self.address = address
      self.tokenFile = tokenFile
    }
  }
}
