import AdminProtocol
import Glibc
import NIOPosix

/// Who may do what, and how much of it: what a reload can change.
struct AdminAccess: Sendable {
  var roles: RoleTable
  var limits: AdminSocketLimits

  /// Looks the names of users and groups up, off the event loops.
  static func resolve(roles rules: [RoleRule], limits: AdminSocketLimits) async -> AdminAccess {
    let looked = try? await NIOThreadPool.singleton.runIfActive { RoleTable(rules, ownUID: geteuid()) }
    // Without threads the process ends: nobody gets a role then.
    return AdminAccess(roles: looked ?? RoleTable([], ownUID: geteuid()), limits: limits)
  }
}

/// Tells the handlers of all connections that roles and limits have changed.
struct AccessChanges: Sendable {
  let access: AdminAccess
}
