/// What one pipeline has counted since it was created.
public struct PipelineStatistics: Sendable {
  /// Names that ``messages`` is indexed by.
  public let messageNames: [String]
  /// Frames that came in.
  public package(set) var received = 0
  /// REST snapshots that came in.
  public internal(set) var snapshots = 0
  /// REST snapshots that could not be decoded; they are among the failures, and no frames.
  public internal(set) var failedSnapshots = 0
  /// Undecodable frames since the last good one.
  public package(set) var failuresInARow = 0
  /// How trades arrive.
  public package(set) var trades = ArrivalStatistics()
  /// How quotes arrive.
  public package(set) var quotes = ArrivalStatistics()
  /// How changes of the depth arrive.
  public package(set) var depths = ArrivalStatistics()
  private var messages: [Int]
  private var failures = [Int](repeating: 0, count: DecodeFailure.Kind.allCases.count)

  /// Everything at zero.
  package init(messageNames: [String]) {
    self.messageNames = messageNames
    messages = Array(repeating: 0, count: messageNames.count)
  }

  @inline(__always)
  mutating func count(message: Int) {
    if messages.indices.contains(message) { messages[message] += 1 }
  }

  mutating func count(failure: DecodeFailure.Kind) {
    failures[failure.index] += 1
    failuresInARow += 1
  }

  /// Messages by name, only names that occurred, in the decoder's order.
  public var messagesByName: [(name: String, count: Int)] {
    zip(messageNames, messages).filter { $1 > 0 }.map { ($0, $1) }
  }

  /// Failures by kind, only kinds that occurred.
  public var failuresByKind: [(kind: DecodeFailure.Kind, count: Int)] {
    zip(DecodeFailure.Kind.allCases, failures).filter { $1 > 0 }.map { ($0, $1) }
  }

  /// Frames and REST snapshots that could not be decoded.
  public var failed: Int { failures.reduce(0, +) }
  /// Frames that were decoded.
  public var processed: Int { received - (failed - failedSnapshots) }
}
