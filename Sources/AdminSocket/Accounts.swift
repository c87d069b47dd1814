import Glibc

/// Users and groups of this machine. The look-ups may block: never call them on an event loop.
enum Accounts {
  static func uid(ofUser name: String) -> UInt32? {
    grown { buffer, size in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = getpwnam_r(name, &entry, buffer, size, &found)
      return (code, found?.pointee.pw_uid)
    }
  }

  static func gid(ofGroup name: String) -> UInt32? {
    grown { buffer, size in
      var entry = group()
      var found: UnsafeMutablePointer<group>?
      let code = getgrnam_r(name, &entry, buffer, size, &found)
      return (code, found?.pointee.gr_gid)
    }
  }

  /// Primary and supplementary groups; only `gid` when the user has no name.
  static func groups(ofUID uid: UInt32, gid: UInt32) -> Set<UInt32> {
    let name: String? = grown { buffer, size in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      let code = getpwuid_r(uid, &entry, buffer, size, &found)
      return (code, found?.pointee.pw_name.map { String(cString: $0) })
    }
    guard let name else { return [gid] }
    var count: Int32 = 64
    while count <= 1 << 16 {
      var groups = [gid_t](repeating: 0, count: Int(count))
      let room = count
      if getgrouplist(name, gid, &groups, &count) >= 0 { return Set(groups.prefix(Int(count))).union([gid]) }
      count = max(count, room * 2)
    }
    return [gid]
  }

  /// Calls with ever larger buffers until the entry fits.
  private static func grown<Value>(_ call: (UnsafeMutablePointer<CChar>, Int) -> (Int32, Value?)) -> Value? {
    var size = 4096
    while size <= 1 << 20 {
      let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
      defer { buffer.deallocate() }
      let (code, value) = call(buffer, size)
      if code != ERANGE { return value }
      size *= 4
    }
    return nil
  }
}
