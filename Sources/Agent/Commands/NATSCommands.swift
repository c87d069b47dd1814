import AdminProtocol
import Delivery

/// `nats reconnect`.
extension CollectorAgent {
  /// How long the answer waits for the link to be up again.
  private static let redialPatience = Duration.seconds(5)

  /// Has what was published confirmed, drops the link and dials again; answers when the link is up, or says that it is
  /// not and is dialled on.
  func reconnectNATS(_ output: CommandOutput) async -> Reply {
    let before = delivery.status
    delivery.reconnect()
    let deadline = ContinuousClock.now + Self.redialPatience
    var said: LinkStatus.State?
    while ContinuousClock.now < deadline, !Task.isCancelled {
      let status = delivery.status
      if status.isUp, status.connects > before.connects {
        return Reply(
          body: ["server: \(status.serverURL ?? "-")"],
          fields: [ReplyField("state", status.state.rawValue), ReplyField("connects", String(status.connects))],
          data: [
            "server_url": .string(status.serverURL ?? ""), "connects": .int(Int64(clamping: status.connects)),
          ], changed: true)
      }
      if status.state != said { output.progress("the link is \(status.state.rawValue)") }
      said = status.state
      try? await Task.sleep(for: .milliseconds(50))
    }
    let reason = delivery.status.lastFailure.map { ": \($0)" } ?? ""
    var reply = Reply.failure(
      ProtocolError(
        .dependencyDown,
        "NATS was dialled again and is not up after \(Self.redialPatience.text)\(reason); it is dialled on",
        fields: [ReplyField("state", delivery.status.state.rawValue)]))
    reply.changed = before.isUp
    return reply
  }
}
