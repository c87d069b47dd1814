/// What the process exits with; published, so that a number never changes its meaning.
package struct ExitStatus: Sendable, Equatable {
  /// The number.
  package let code: Int32
  /// When it is used, for help and man page.
  package let meaning: String

  /// All of them, by number.
  package static let all: [ExitStatus] = [
    .done, .refused, .usage, .invalidConfiguration, .restartNeeded, .degraded, .forbidden, .unavailable, .timedOut,
  ]

  /// Done.
  package static let done = ExitStatus(code: 0, meaning: "done")
  /// Any error that has no number of its own.
  package static let refused = ExitStatus(
    code: 1, meaning: "refused: an error of the collector that none of the numbers below is for")
  /// The command line is wrong; nothing was sent.
  package static let usage = ExitStatus(code: 2, meaning: "wrong usage; nothing was sent")
  /// 422.
  package static let invalidConfiguration = ExitStatus(
    code: 3, meaning: "the configuration has errors (422 invalid-config)")
  /// 409 restart-required.
  package static let restartNeeded = ExitStatus(
    code: 4, meaning: "the change needs a restart (409 restart-required); nothing was applied")
  /// With `--fail-degraded`.
  package static let degraded = ExitStatus(
    code: 5, meaning: "with --fail-degraded: done, but the collector is not in the state ok; or it is not ready (503)")
  /// 403.
  package static let forbidden = ExitStatus(code: 6, meaning: "the caller's role does not suffice (403 forbidden)")
  /// EX_UNAVAILABLE of sysexits.h.
  package static let unavailable = ExitStatus(
    code: 69, meaning: "cannot connect, or the connection ended before the reply did")
  /// EX_TEMPFAIL of sysexits.h.
  package static let timedOut = ExitStatus(
    code: 75, meaning: "timed out: no reply in time, or the collector itself gave up waiting (504 timeout)")

  /// What a reply's last line comes to.
  package static func of(_ trailer: Trailer, failDegraded: Bool) -> ExitStatus {
    switch (trailer.code, trailer.slug) {
    case (_, nil): .done
    case (403, _): .forbidden
    case (_, "restart-required"): .restartNeeded
    case (422, _): .invalidConfiguration
    case (503, _) where failDegraded: .degraded
    case (504, _): .timedOut
    default: .refused
    }
  }
}
