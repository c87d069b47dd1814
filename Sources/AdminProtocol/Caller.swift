/// What a caller may do. Each role may do everything the ones before it may.
public enum Role: Int, Sendable, Comparable, CaseIterable {
  /// Looks, changes nothing.
  case viewer
  /// Changes how the running collector behaves.
  case `operator`
  /// Ends the collector.
  case admin

  /// The role as settings and messages spell it.
  public var name: String {
    switch self {
    case .viewer: "viewer"
    case .operator: "operator"
    case .admin: "admin"
    }
  }

  /// The role spelled `name`, nil when there is none.
  public init?(name: String) {
    guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }

  /// A role is less than those that may do more.
  public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}

/// Who sent a request: the process at the other end as the kernel knows it, and the role it has.
public struct Caller: Sendable, Equatable {
  /// Effective user at the time of connecting.
  public var uid: UInt32
  /// Effective group at the time of connecting.
  public var gid: UInt32
  /// Process at the time of connecting.
  public var pid: Int32
  /// What it may do.
  public var role: Role

  /// Makes a caller.
  public init(uid: UInt32, gid: UInt32, pid: Int32, role: Role) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.role = role
  }
}
