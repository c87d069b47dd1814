import AdminProtocol
public import Settings

extension AdminSocketConfiguration {
  /// What the section `admin` of the settings says.
  public init(_ settings: CollectorSettings.Admin, version: String) {
    self.init(
      path: settings.socket, version: version, roles: RoleRule.rules(settings), limits: AdminSocketLimits(settings))
  }
}

extension AdminSocketLimits {
  /// The limits of the section; what it does not name has its default.
  init(_ settings: CollectorSettings.Admin) {
    self.init()
    connections = settings.connections
    input.lineBytes = settings.lineBytes
    input.arguments = settings.arguments
    input.payloadBytes = settings.payloadBytes
    unsentBytes = settings.outputBytes
    firstByte = settings.firstByteTimeout
    idle = settings.idleTimeout
    interactiveIdle = settings.interactiveIdleTimeout
    command = settings.commandTimeout
    reload = settings.reloadTimeout
  }
}

extension RoleRule {
  /// The rules of the section.
  static func rules(_ settings: CollectorSettings.Admin) -> [RoleRule] {
    [(Role.operator, settings.roles.operator), (Role.viewer, settings.roles.viewer)].map { role, members in
      RoleRule(role: role, users: members.users, groups: members.groups)
    }
  }
}
