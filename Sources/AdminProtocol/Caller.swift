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
  /// The way a request came.
  public enum Origin: Sendable, Equatable {
    /// The admin socket: uid, gid and pid are the kernel's word.
    case socket
    /// The HTTP API, from this address: uid, gid and pid are the collector's own.
    case http(String)
    /// A signal, whose sender is not known: uid, gid and pid are the collector's own.
    case signal
    /// The collector itself, such as when a time is over.
    case itself
  }

  /// Effective user at the time of connecting.
  public var uid: UInt32
  /// Effective group at the time of connecting.
  public var gid: UInt32
  /// Process at the time of connecting.
  public var pid: Int32
  /// What it may do.
  public var role: Role
  /// The way its request came.
  public var origin: Origin

  /// Who it is in replies, histories and logs: `uid 1000`, `http 127.0.0.1`, `signal`.
  public var identity: String {
    switch origin {
    case .socket: "uid \(uid)"
    case .http(let address): "http \(address)"
    case .signal: "signal"
    case .itself: "collector"
    }
  }

  /// Makes a caller.
  public init(uid: UInt32, gid: UInt32, pid: Int32, role: Role, origin: Origin = .socket) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.role = role
    self.origin = origin
  }
}
