import AdminProtocol
import Delivery
import Feeds
import MarketData

/// Live changes of `nats.optional`. None of them touches the link.
extension CollectorAgent {
  func natsReply() -> Reply {
    let nats = natsStatus()
    var body = [
      "state: \(nats.state) since \(nats.since.rfc3339)", "server: \(nats.serverURL)",
      "policy: \(nats.optional ? "optional" : "required") (\(nats.policySource))",
    ]
    if let override = nats.override { body.append("override: \(override)") }
    if let reason = nats.reason { body.append("reason: \(reason)") }
    body.append("events: " + nats.events.map { "\($0.outcome)=\($0.count)" }.joined(separator: " "))
    body.append("pending_bytes: \(nats.pendingBytes)")
    return Reply(
      body: body,
      fields: [
        ReplyField("state", nats.state), ReplyField("policy", nats.optional ? "optional" : "required"),
        ReplyField("source", nats.policySource),
      ], data: StatusText.json(of: nats))
  }

  func setPolicy(_ requirement: DependencyPolicy.Requirement, _ call: CommandCall, _ caller: Caller) -> Reply {
    let now = WallClock.nanoseconds()
    policy.expire(at: now)
    if requirement == .required, policy.requirement == .optional, !delivery.status.isUp, !call.flag("force") {
      return .failure(
        ProtocolError(
          .dependencyDown,
          "NATS is down, so requiring it would fail readiness at once; add \"force\" to do it anyway"))
    }
    let duration = call.duration("for")
    // What the file says already needs no override, unless another one is to be replaced or an end was given.
    if policy.activeOverride == nil, policy.requirement == requirement, duration == nil {
      return policyReply(changed: false)
    }
    let until = duration.map { now &+ $0.wholeNanoseconds }
    // The same word with a new end is a change; without one it is not.
    let changed = policy.setOverride(
      requirement, uid: caller.uid, reason: call.text("reason"), at: now,
      until: until ?? policy.activeOverride.flatMap { $0.requirement == requirement ? $0.until : nil })
    if changed, let override = activeOverrides.first(where: { $0.key == .natsOptional }) {
      events.emit(.overrideSet(override))
    }
    return policyReply(changed: changed)
  }

  func resetPolicy() async -> Reply {
    let changed = policy.activeOverride != nil
    await end(.natsOptional, because: "ended by nats reset")
    return policyReply(changed: changed)
  }

  private func policyReply(changed: Bool) -> Reply {
    Reply(
      fields: [
        ReplyField("changed", String(changed)), ReplyField("policy", policy.requirement.rawValue),
        ReplyField("source", policy.activeOverride == nil ? "file" : "override"),
      ], changed: changed)
  }
}
