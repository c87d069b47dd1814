import AdminProtocol
import Agent
import Glibc
import Logging
import UnixSignals

/// Turns the signals of a process into what they ask of the daemon, from the first to the last moment of its life.
///
/// SIGHUP: reload. SIGTERM and SIGINT: end; the second one ends at once, whatever still waits.
struct SignalReceiver: Sendable {
  private let signals: UnixSignalsSequence
  /// Yields once, as soon as a signal asks for the end.
  let ends: AsyncStream<String>
  private let end: AsyncStream<String>.Continuation

  /// Traps the signals: from here on none of them ends the process by itself.
  init() async {
    signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    (ends, end) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
  }

  /// Begins to act on signals, those included that came since they were trapped.
  func start(reloading agent: CollectorAgent, logger: Logger) {
    let reloads = SignalledReloads(agent: agent, logger: logger)
    Task.detached { [signals, end] in
      var isEnding = false
      for await signal in signals {
        if signal == .sighup {
          reloads.request()
        } else if isEnding {
          logger.error("a second signal: not waiting any longer", metadata: ["signal": "\(signal)"])
          Self.end(by: signal)
        } else {
          isEnding = true
          end.yield("\(signal)")
        }
      }
    }
  }

  /// Ends as the signal would have ended a program that does not know it.
  private static func end(by signal: UnixSignal) {
    let number = signal == .sigint ? SIGINT : SIGTERM
    Glibc.signal(number, SIG_DFL)
    var ours = sigset_t()
    sigemptyset(&ours)
    sigaddset(&ours, number)
    pthread_sigmask(SIG_UNBLOCK, &ours, nil)
    // To this very thread: one sent to the process might reach another one later than the line below.
    raise(number)
    _exit(128 + number)
  }
}
