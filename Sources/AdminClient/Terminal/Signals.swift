import Glibc
import Synchronization

/// Signals that end the process or change the size of its terminal, noted so that the terminal can be restored first.
package enum Signals {
  private static let ending = Atomic<Int32>(0)
  private static let resized = Atomic<Bool>(false)

  /// Notes them from now on, and interrupts what waits.
  package static func watch() {
    for number in [SIGTERM, SIGHUP, SIGINT, SIGQUIT] {
      install(number) { Signals.ending.store($0, ordering: .relaxed) }
    }
    install(SIGWINCH) { _ in Signals.resized.store(true, ordering: .relaxed) }
  }

  /// The signal that asked for an end; nil while none did.
  package static var end: Int32? {
    let number = ending.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Ends the process as the signal would have, so that whoever started it sees that.
  package static func pass(_ number: Int32) -> Never {
    signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }

  private static func install(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    // No SA_RESTART: a wait shall end.
    sigaction(number, &action, nil)
  }
}
