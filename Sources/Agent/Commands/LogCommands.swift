import AdminProtocol
import Feeds
import Logging

/// `log level`.
extension CollectorAgent {
  /// Labels that may have a level of their own; there are a handful, and a caller must not fill the memory with others.
  private static let maximumLabels = 64

  func setLogLevel(_ call: CommandCall, _ caller: Caller) -> Reply {
    guard let level = call.text("LEVEL").flatMap(Logger.Level.init(rawValue:)) else {
      return .failure(ProtocolError(.badArgument, "LEVEL is missing"))
    }
    let label = call.text("LABEL")
    let key = OverrideKey.logLevel(label: label)
    let previous = logControl.level(of: label)
    let now = WallClock.nanoseconds()
    let until = call.duration("for").map { now &+ $0.wholeNanoseconds }
    if overrides[key] == nil {
      // What is so already needs no override, unless an end was given.
      if previous == level, until == nil { return logReply(level, previous, label, changed: false) }
      let labels = overrides.all.count { if case .logLevel(label: .some) = $0.key { true } else { false } }
      if label != nil, labels >= Self.maximumLabels {
        return .failure(ProtocolError(.badArgument, "\(labels) labels have a level of their own; clear some first"))
      }
    }
    let override = ActiveOverride(
      key: key, value: level.rawValue, by: caller.identity, reason: nil, setAt: now, until: until)
    let changed = overrides.set(override)
    if changed {
      logControl.set(level, label: label)
      events.emit(.overrideSet(override))
    }
    return logReply(level, previous, label, changed: changed)
  }

  private func logReply(_ level: Logger.Level, _ previous: Logger.Level, _ label: String?, changed: Bool) -> Reply {
    Reply(
      fields: [ReplyField("level", level.rawValue), ReplyField("previous", previous.rawValue)],
      data: [
        "level": .string(level.rawValue), "previous": .string(previous.rawValue),
        "label": label.map(JSONValue.string) ?? .null,
      ], changed: changed,
      warnings: label.map { LogControl.labels.contains($0) ? [] : ["nothing logs under \"\($0)\" so far"] } ?? [])
  }
}
