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
