import Glibc

/// Where the process begins.
@main
enum EntryPoint {
  static func main() async {
    // A reload asked for before the handler stands must not end the process, nor may a reader that goes away.
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    await CollectorCommand.main()
  }
}
