import AdminProtocol

/// The role rules with all names looked up.
package struct RoleTable: Sendable {
  private struct Row {
    var role: Role
    var uids: Set<UInt32>
    var gids: Set<UInt32>
  }

  private let ownUID: UInt32
  private let rows: [Row]
  /// What a caller no rule names is.
  private let strangers: Role?
  /// Names no user or group has; such rules give nobody a role.
  package let unknownNames: [String]

  /// Looks the names up; may block.
  package init(_ rules: [RoleRule], ownUID: UInt32) {
    self.ownUID = ownUID
    var unknown: [String] = []
    rows = rules.map { rule in
      var row = Row(role: rule.role, uids: Set(rule.uids), gids: Set(rule.gids))
      for name in rule.users {
        if let uid = Accounts.uid(ofUser: name) { row.uids.insert(uid) } else { unknown.append("user \(name)") }
      }
      for name in rule.groups {
        if let gid = Accounts.gid(ofGroup: name) { row.gids.insert(gid) } else { unknown.append("group \(name)") }
      }
      return row
    }
    unknownNames = unknown
    strangers = rules.contains { $0.role == .viewer && $0.namesAnybody } ? nil : .viewer
  }

  /// The highest role any rule gives. Without one a caller is a viewer, unless the rules name viewers: then it is nothing.
  ///
  /// - Parameter groups: Primary and supplementary groups of the caller's process.
  package func role(uid: UInt32, groups: Set<UInt32>) -> Role? {
    if uid == 0 || uid == ownUID { return .admin }
    let given = rows.filter { $0.uids.contains(uid) || !$0.gids.isDisjoint(with: groups) }.map(\.role)
    return given.max() ?? strangers
  }
}
