public import Agent
import AdminProtocol
import Settings

/// Lets a reload change the roles and limits of the admin socket, also for connections that are open.
public struct AdminReloadComponent: ReloadComponent {
  /// `admin`
  public let name = "admin"
  private let server: AdminSocketServer

  /// The component of a server that was started.
  public init(server: AdminSocketServer) { self.server = server }

  /// Looks the names of users and groups up.
  public func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    guard change.old.admin != change.new.admin else { return nil }
    let old = server.access
    let new = await AdminAccess.resolve(
      roles: RoleRule.rules(change.new.admin), limits: AdminSocketLimits(change.new.admin))
    return PreparedAdmin(server: server, old: old, new: new)
  }
}

/// Roles and limits to come.
private struct PreparedAdmin: PreparedComponent {
  let server: AdminSocketServer
  let old: AdminAccess
  let new: AdminAccess

  func commit() async { await server.update(new) }

  /// A name that nobody has gives nobody a role, which is no reason to refuse: the account may come later.
  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] {
    new.roles.unknownNames.filter { !old.roles.unknownNames.contains($0) }.map { "admin.roles names nobody: \($0)" }
  }

  func revert() async { await server.update(old) }
  func discard() async {}
  func finish() async {}
}
