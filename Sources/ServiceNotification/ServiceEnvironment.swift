import Glibc

/// What the service manager has put into the environment of its main process.
public struct ServiceEnvironment: Sendable, Equatable {
  /// Where notifications go: a path, or `@name` in the abstract namespace; nil when no manager wants any.
  public var notifySocket: String?
  /// The time within which a sign of life is due; nil when none is awaited from this process.
  public var watchdog: Duration?

  /// An environment with the given values.
  public init(notifySocket: String? = nil, watchdog: Duration? = nil) {
    self.notifySocket = notifySocket
    self.watchdog = watchdog
  }

  /// Reads the variables of an environment.
  ///
  /// - Parameter pid: this process; a watchdog meant for another one is none of ours.
  init(variables: (String) -> String?, pid: pid_t) {
    // Other address families (vsock) are for whole machines.
    notifySocket = variables("NOTIFY_SOCKET").flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isOurs = variables("WATCHDOG_PID").map { Int32($0) == pid } ?? true
    if isOurs, let microseconds = variables("WATCHDOG_USEC").flatMap({ Int64($0) }), microseconds > 0 {
      watchdog = .microseconds(microseconds)
    }
  }

  /// Reads this process's variables and removes them, so that no child speaks in our name.
  ///
  /// To be called before there are other threads: the environment has no lock.
  public static func take() -> ServiceEnvironment {
    let names = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
    let environment = ServiceEnvironment(
      variables: { name in getenv(name).map { String(cString: $0) } }, pid: getpid())
    for name in names { unsetenv(name) }
    return environment
  }
}
