import AdminProtocol
import MarketData
import Synchronization

/// Where a snapshot that is being fetched is left for whoever does something else meanwhile.
final class SnapshotArrival: Sendable {
  private let result = Mutex<Result<BookView, ProtocolError>?>(nil)

  /// What came; nil before.
  var value: Result<BookView, ProtocolError>? { result.withLock { $0 } }

  func set(_ value: Result<BookView, ProtocolError>) { result.withLock { $0 = value } }
}
