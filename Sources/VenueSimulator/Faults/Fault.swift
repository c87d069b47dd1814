/// Something that goes wrong on purpose.
public enum Fault: Sendable, Equatable {
  /// A depth message is left out with this probability.
  case drop(probability: Double)
  /// A depth message is sent twice with this probability.
  case duplicate(probability: Double)
  /// A depth message is sent after its successor with this probability.
  case reorder(probability: Double)
  /// A message is preceded by one that cannot be decoded (cut JSON, binary, invalid UTF-8 in turn) with this probability.
  case garbage(probability: Double)
  /// Each connection ends in the middle of a frame, without a goodbye, this long after it opened.
  case cutMidFrame(every: Duration)
  /// Each connection is closed properly this long after it opened.
  case close(every: Duration)
  /// Each connection falls silent, staying open, this long after it opened.
  case stall(after: Duration)
  /// The next snapshots are older than the stream.
  case staleSnapshot(count: Int)
  /// The next REST requests are answered 429 with `Retry-After: 1`.
  case rest429(count: Int)
  /// The next REST requests are answered 418 with `Retry-After: 1`.
  case rest418(count: Int)
  /// Unanswered pings are forgiven.
  case noPongCheck
  /// Pings are sent this often.
  case ping(every: Duration)

  /// Reads `name` or `name:argument`, for example `drop:0.01` or `cut-midframe:5`.
  public static func parse(_ text: String) throws(FaultSyntaxError) -> Fault {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    guard let row = FaultSyntax.table.first(where: { $0.name == name }) else {
      let names = FaultSyntax.table.map(\.name).joined(separator: ", ")
      throw FaultSyntaxError(text: text, reason: "unknown fault; known are \(names)")
    }
    do {
      return try row.make(parts.count == 2 ? String(parts[1]) : nil)
    } catch {
      throw FaultSyntaxError(text: text, reason: error.reason)
    }
  }
}

/// Why a fault specification was refused.
public struct FaultSyntaxError: Error, CustomStringConvertible, Equatable {
  /// The specification as given.
  public let text: String
  /// What is wrong with it.
  public let reason: String
  /// One line that names the specification and what is wrong with it.
  public var description: String { "fault '\(text)': \(reason)" }
}
