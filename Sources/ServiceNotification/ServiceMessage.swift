/// One datagram for the service manager: assignments, a line each, as `sd_notify(3)` defines them.
public struct ServiceMessage: Sendable, Equatable {
  /// What is sent.
  public let text: String

  private init(_ assignments: [String], status: String?) {
    text = (assignments + (status.map { ["STATUS=" + Self.oneLine($0)] } ?? [])).map { $0 + "\n" }.joined()
  }

  /// The start, or a reload, is over.
  static func ready(status: String) -> ServiceMessage { ServiceMessage(["READY=1"], status: status) }

  /// A reload has begun.
  ///
  /// - Parameter microseconds: `CLOCK_MONOTONIC`, by which the manager orders it against its own requests.
  static func reloading(microseconds: UInt64) -> ServiceMessage {
    ServiceMessage(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"], status: "reloading")
  }

  /// The end has begun.
  static func stopping(status: String) -> ServiceMessage { ServiceMessage(["STOPPING=1"], status: status) }

  /// What the service does, for `systemctl status`.
  static func status(_ text: String) -> ServiceMessage { ServiceMessage([], status: text) }

  /// The loops that do the work turn.
  static let alive = ServiceMessage(["WATCHDOG=1"], status: nil)

  /// What is under way takes at least this much longer.
  static func extend(by duration: Duration) -> ServiceMessage {
    let (seconds, attoseconds) = duration.components
    return ServiceMessage(
      ["EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"], status: nil)
  }

  /// A line end would begin another assignment; what is longer than a terminal is wide helps nobody.
  private static func oneLine(_ text: String) -> String {
    let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
    return line.count > 400 ? String(line.prefix(399)) + "…" : String(line)
  }
}
