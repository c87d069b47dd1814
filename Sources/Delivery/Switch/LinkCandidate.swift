import Synchronization

/// A connection with other settings, opened beside the running link, which knows nothing of it yet.
///
/// 1. ``NATSDelivery/prepare(_:mayBeAway:within:)`` opens it. 2. ``commit()`` hands it to the delivery thread: what was
/// published on the old connection is confirmed, then the new one is published on. 3. ``failure(within:)`` says whether
/// it works. 4. ``finish()`` closes the old connection, or ``revert()`` returns to it. Instead of 2, ``discard()``.
public final class LinkCandidate: Sendable {
  private enum Stage { case prepared, committed, over }

  /// What the link is to be like.
  public let settings: LinkSettings
  /// Why there is no connection yet: the link dials the new servers as soon as it is committed.
  public let absence: LinkFailure?
  let server: Int
  let connection: NATSConnection?
  private let shared: DeliveryShared
  private let stage = Mutex(Stage.prepared)
  private let adopted = Latch()

  init(
    settings: LinkSettings, server: Int, connection: NATSConnection?, absence: LinkFailure?, shared: DeliveryShared
  ) {
    self.settings = settings
    self.server = server
    self.connection = connection
    self.absence = absence
    self.shared = shared
  }

  /// Hands the connection to the delivery thread; returns at once. The old connection stays open.
  public func commit() {
    guard move(from: .prepared, to: .committed) else { return }
    shared.order(SwitchOrder(step: .adopt, candidate: self, done: adopted))
  }

  /// What is wrong with the link after ``commit()``.
  ///
  /// - Returns: nil once the delivery thread publishes on the new connection and the server has answered there; without
  ///   a connection, once the link dials the new servers.
  public func failure(within limit: Duration) async -> LinkFailure? {
    let end = SystemClock.monotonic() &+ limit.nanoseconds
    guard await adopted.wait(timeout: limit) else {
      return LinkFailure(.timeout, "the delivery thread has not taken the new connection over in time")
    }
    guard let connection else { return nil }
    let rest = Duration.nanoseconds(max(0, end &- SystemClock.monotonic()))
    let timeout = min(rest, settings.flushTimeout)
    let answer = await Thread.result(name: "nats-verify") { () -> LinkFailure? in
      do throws(LinkFailure) { try connection.flush(timeout: timeout) } catch { return error }
      return nil
    }
    return answer ?? LinkFailure(.protocolError, "no thread for verifying the link could be made")
  }

  /// Publishes on the old connection again, after what was published on the new one is confirmed, and closes the new
  /// one. Without the old connection, which may have been lost meanwhile, the old servers are dialled.
  public func revert() async {
    guard move(from: .committed, to: .over) else { return }
    await take(.resume)
  }

  /// Closes the connection that was never used.
  public func discard() {
    if move(from: .prepared, to: .over) { connection?.close() }
  }

  /// Closes the old connection.
  public func finish() async {
    guard move(from: .committed, to: .over) else { return }
    await take(.retire)
  }

  /// A step takes no longer than confirming on one connection and dialling once, which the thread may be busy with.
  private func take(_ step: SwitchOrder.Step) async {
    let order = SwitchOrder(step: step, candidate: self)
    shared.order(order)
    _ = await order.done.wait(timeout: settings.flushTimeout + settings.connectTimeout + .milliseconds(500))
  }

  private func move(from: Stage, to: Stage) -> Bool {
    stage.withLock { stage in
      guard stage == from else { return false }
      stage = to
      return true
    }
  }
}
