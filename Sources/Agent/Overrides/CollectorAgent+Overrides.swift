import AdminProtocol
import Delivery
import Feeds
import Logging
import MarketData

/// Changes made at run time: listing them, ending them, and seeing to it that what they mean is so.
extension CollectorAgent {
  /// All of them, sorted by key.
  var activeOverrides: [ActiveOverride] {
    let policy = policy.activeOverride.map { active in
      ActiveOverride(
        key: .natsOptional, value: String(active.requirement == .optional), by: "uid \(active.uid)",
        reason: active.reason, setAt: active.setAt, until: active.until)
    }
    return (overrides.all + [policy].compactMap { $0 }).sorted { $0.key.text < $1.key.text }
  }

  func overridesReply() -> Reply {
    let active = activeOverrides
    return Reply(
      body: active.map(\.text), fields: [ReplyField("overrides", String(active.count))],
      data: ["overrides": .array(active.map(Self.json))])
  }

  func clearOverrides(_ key: String?) async -> Reply {
    let active = activeOverrides
    var ended: [ActiveOverride] = active
    if let key {
      ended = active.filter { $0.key.text == key }
      guard !ended.isEmpty || overridableKeys.contains(key) else {
        let hint = Suggestion.nearest(to: key, among: active.map(\.key.text) + overridableKeys)
          .map { "did you mean \"\($0)\"?" }
        return .failure(
          ProtocolError(
            .unknownKey, "\"\(key)\" is nothing that can be overridden; \(hint ?? "\"overrides\" lists what is")"))
      }
    }
    for override in ended { await end(override.key, because: "cleared") }
    return Reply(
      body: ended.map { "cleared: \($0.text)" }, fields: [ReplyField("cleared", String(ended.count))],
      data: ["cleared": .array(ended.map(Self.json))], changed: !ended.isEmpty)
  }

  private var overridableKeys: [String] {
    let keys: [OverrideKey] =
      [.natsOptional, .logLevel(label: nil), .drain]
      + LogControl.labels.map { .logLevel(label: $0) } + settings.exchanges.map { .exchange($0.name) }
    return keys.map(\.text)
  }

  private static func json(_ override: ActiveOverride) -> JSONValue {
    [
      "key": .string(override.key.text), "value": .string(override.value), "by": .string(override.by),
      "at": .string(Timestamp(nanoseconds: override.setAt).rfc3339),
      "until": override.until.map { .string(Timestamp(nanoseconds: $0).rfc3339) } ?? .null,
      "reason": override.reason.map(JSONValue.string) ?? .null,
    ]
  }

  /// Takes an override away and undoes what it meant.
  func end(_ key: OverrideKey, because reason: String) async {
    switch key {
    case .natsOptional: guard policy.reset() else { return }
    case .logLevel, .exchange, .drain: guard overrides.remove(key) != nil else { return }
    }
    events.emit(.overrideEnded(key, because: reason))
    await undo(key)
  }

  private func undo(_ key: OverrideKey) async {
    // Set anew while another one was undone.
    guard overrides[key] == nil else { return }
    switch key {
    case .natsOptional: break
    case .logLevel(let label): logControl.clear(label: label)
    case .exchange(let name):
      held.hold(name, false)
      dialledAt = WallClock.now()
    case .drain:
      held.holdAll(false)
      dialledAt = WallClock.now()
    }
    await settleFeeds()
  }

  /// Ends what has run out, and what belongs to an entry that is no longer configured.
  func expireOverrides() async {
    let now = WallClock.nanoseconds()
    if policy.expire(at: now) { events.emit(.overrideEnded(.natsOptional, because: "expired")) }
    for override in overrides.expire(at: now) {
      events.emit(.overrideEnded(override.key, because: "expired"))
      await undo(override.key)
    }
    await endOverridesOfRemovedEntries()
    await settleFeeds()
  }

  /// Not while a reload may still be undone: its entries come back then, paused as they were.
  private func endOverridesOfRemovedEntries() async {
    guard case .idle = desk.machine.state, desk.machine.confirmation == nil else { return }
    for override in overrides.all {
      guard case .exchange(let name) = override.key, !settings.exchanges.contains(where: { $0.name == name }) else {
        continue
      }
      await end(override.key, because: "its entry is no longer configured")
    }
  }

  /// Pauses every feed that is held and resumes every other: whatever came in between, such as a reload that built a
  /// feed anew, this is what holds in the end.
  func settleFeeds() async {
    await withTaskGroup(of: Void.self) { group in
      // Those too that a reload keeps open beside them: an operator's word is about the exchange.
      for feed in roster.all {
        let isHeld = held.holds(feed.configuration.name)
        guard isHeld != feed.isPaused else { continue }
        group.addTask { _ = isHeld ? await feed.pause() : await feed.resume() }
      }
    }
  }

  /// The file's own value of `collector.log_level` has changed: an override of it gives way.
  ///
  /// - Returns: the override that gave way.
  @discardableResult
  func configuredLogLevelChanged(to level: Logger.Level) -> ActiveOverride? {
    logControl.configure(level)
    guard let override = overrides.remove(.logLevel(label: nil)) else { return nil }
    logControl.clear(label: nil)
    events.emit(.overrideEnded(.logLevel(label: nil), because: "gave way to the configuration"))
    return override
  }

  /// A change of `collector.log_level` is taken back, and with it the end of an override; one set since then stays.
  func restoreLogLevel(_ level: Logger.Level, _ override: ActiveOverride?) {
    logControl.configure(level)
    guard let override, overrides[override.key] == nil, override.until.map({ $0 > WallClock.nanoseconds() }) ?? true,
      let overriding = Logger.Level(rawValue: override.value)
    else { return }
    _ = overrides.set(override)
    logControl.set(overriding, label: nil)
    events.emit(.overrideSet(override))
  }
}
