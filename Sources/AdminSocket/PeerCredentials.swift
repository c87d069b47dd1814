import Glibc
import NIOCore

/// The process at the other end of a Unix socket, as the kernel knew it when it connected.
///
/// The groups are the process' own, not what the group file says of its user: a process that has given a group up
/// does not get it back here, and nothing has to be looked up.
struct PeerCredentials: Sendable, Equatable {
  var pid: Int32
  var uid: UInt32
  var gid: UInt32
  /// Primary and supplementary groups.
  var groups: Set<UInt32>

  /// Linux' `struct ucred`, which Glibc's module hides.
  private struct Credentials {
    var pid: pid_t = 0
    var uid: uid_t = 0
    var gid: gid_t = 0
  }

  /// Must be called on the channel's event loop.
  static func of(_ channel: any Channel) throws -> PeerCredentials {
    let peer = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
      try read($0)
    }
    guard let peer else { throw ChannelError.operationUnsupported }
    return peer
  }

  private static func read(_ descriptor: Int32) throws -> PeerCredentials {
    var peer = Credentials()
    var size = socklen_t(MemoryLayout<Credentials>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 else {
      throw IOError(errnoCode: errno, reason: "SO_PEERCRED")
    }
    let groups = try supplementaryGroups(descriptor)
    return PeerCredentials(pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: Set(groups).union([peer.gid]))
  }

  private static func supplementaryGroups(_ descriptor: Int32) throws -> [UInt32] {
    // Linux takes 65536 groups a process at most; it answers ERANGE, and how much room it needs, when there is too little.
    var groups = [gid_t](repeating: 0, count: 64)
    for _ in 0..<2 {
      var size = socklen_t(groups.count * MemoryLayout<gid_t>.size)
      if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 {
        return Array(groups.prefix(Int(size) / MemoryLayout<gid_t>.size))
      }
      guard errno == ERANGE else { break }
      groups = [gid_t](repeating: 0, count: Int(size) / MemoryLayout<gid_t>.size)
    }
    throw IOError(errnoCode: errno, reason: "SO_PEERGROUPS")
  }
}
