import Glibc
import ServiceNotification

/// Where the process begins.
@main
enum EntryPoint {
  /// The service manager this process was started by. Taken out of the environment before there is a second thread.
  static let service = ServiceEnvironment.take()

  static func main() async {
    // A reload asked for before the handler stands must not end the process, nor may a reader that goes away.
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    _ = service
    await CollectorCommand.main()
  }
}
