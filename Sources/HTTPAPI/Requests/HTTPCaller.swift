import AdminProtocol
import Glibc

/// Who asks over HTTP: nobody the kernel knows, so that uid, gid and pid are the collector's own.
enum HTTPCaller {
  static func make(_ role: Role, _ address: String) -> Caller {
    Caller(uid: geteuid(), gid: getegid(), pid: getpid(), role: role, origin: .http(address))
  }
}
