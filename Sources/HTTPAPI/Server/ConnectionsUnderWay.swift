import NIOCore
import Synchronization

/// The connections of one listener that have a request under way; a connection has one at a time.
final class ConnectionsUnderWay: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

  /// A request begins; who says so must ``end(_:)`` it.
  func begin(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = channel } }

  /// The request is answered.
  func end(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = nil } }

  /// Cuts the requests off.
  func close() {
    for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }
}
