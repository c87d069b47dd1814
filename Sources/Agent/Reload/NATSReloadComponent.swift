import Delivery
import Feeds
import Settings

/// Moves the link to NATS: `nats.urls`, `nats.client_name` and `nats.tls`.
///
/// The new connection is opened beside the old one; events wait in the outbox while one takes over from the other. A
/// link that is down already may move to servers that are away too, as long as NATS is optional: nothing gets worse.
struct NATSReloadComponent: ReloadComponent {
  let name = "nats"
  let delivery: NATSDelivery
  /// Whether NATS may be missing once these settings are in force, an operator's override included.
  let isOptional: @Sendable (CollectorSettings) async -> Bool

  func prepare(_ change: ReloadChange) async throws(ReloadFailure) -> (any PreparedComponent)? {
    let settings = LinkSettings(change.new.nats)
    guard settings != LinkSettings(change.old.nats) else { return nil }
    let mayBeAway = await isOptional(change.new)
    do throws(LinkFailure) {
      let candidate = try await delivery.prepare(
        settings, mayBeAway: mayBeAway, within: change.deadline - ContinuousClock.now)
      return PreparedLink(candidate: candidate)
    } catch {
      throw ReloadFailure(component: name, keyPath: Self.keyPath(of: error, in: change), Self.text(of: error))
    }
  }

  /// The key to look at: the file that cannot be used, or else the servers as they are spelled in the configuration.
  private static func keyPath(of failure: LinkFailure, in change: ReloadChange) -> String {
    if let file = failure.file { return "nats.tls.\(file.rawValue)" }
    return change.changes.first { $0.keyPath == "nats.url" || $0.keyPath.hasPrefix("nats.urls") }?.keyPath
      ?? "nats.urls"
  }

  private static func text(of failure: LinkFailure) -> String {
    switch failure.kind {
    case .authentication: "the NATS server refuses the credentials: \(failure)"
    case .tls: "TLS with the NATS server failed: \(failure)"
    case .certificate: "\(failure)"
    default: "NATS cannot be reached: \(failure)"
    }
  }
}

/// A link to NATS opened for a change.
struct PreparedLink: PreparedComponent {
  let candidate: LinkCandidate

  func commit() async { candidate.commit() }

  func verify(until deadline: ContinuousClock.Instant) async throws(ReloadFailure) -> [String] {
    if let failure = await candidate.failure(within: deadline - ContinuousClock.now) {
      throw ReloadFailure(component: "nats", "the new link to NATS does not work: \(failure)")
    }
    guard let absence = candidate.absence else { return [] }
    return ["NATS was down before and still is: \(absence); the link goes on dialling"]
  }

  func revert() async { await candidate.revert() }

  func discard() async { candidate.discard() }

  func finish() async { await candidate.finish() }
}

extension CollectorAgent {
  /// Adds the component of NATS, unless there is one.
  func addNATSComponent() {
    guard !components.contains(where: { $0.name == "nats" }) else { return }
    add(
      component: NATSReloadComponent(delivery: delivery) { [weak self] settings in
        await self?.isNATSOptional(under: settings) ?? true
      })
  }

  private func isNATSOptional(under settings: CollectorSettings) -> Bool {
    var policy = policy
    policy.expire(at: WallClock.nanoseconds())
    _ = policy.fileChanged(to: settings.nats.optional ? .optional : .required)
    return policy.requirement == .optional
  }
}
