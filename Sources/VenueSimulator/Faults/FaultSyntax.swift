/// One row a fault: its name, its argument and its meaning. Parsing and help are both read off this table.
public struct FaultSyntax: Sendable {
  struct Refusal: Error {
    let reason: String
  }

  /// The name before the colon.
  public let name: String
  /// The argument's placeholder; nil when the fault takes none.
  public let argument: String?
  /// One line for help texts.
  public let help: String
  let make: @Sendable (String?) throws(Refusal) -> Fault

  /// Every fault.
  public static let table: [FaultSyntax] = [
    probability("drop", "leave out a depth message with probability P") { .drop(probability: $0) },
    probability("duplicate", "send a depth message twice with probability P") { .duplicate(probability: $0) },
    probability("reorder", "send a depth message after its successor with probability P") { .reorder(probability: $0) },
    probability("garbage", "send an undecodable message before a good one with probability P") {
      .garbage(probability: $0)
    },
    seconds("cut-midframe", "end each connection in the middle of a frame after SECONDS") { .cutMidFrame(every: $0) },
    seconds("close", "close each connection after SECONDS") { .close(every: $0) },
    seconds("stall", "stop sending on each connection after SECONDS, leaving it open") { .stall(after: $0) },
    count("stale-snapshot", "make the next N snapshots older than the stream") { .staleSnapshot(count: $0) },
    count("rest-429", "answer the next N REST requests with 429 and Retry-After: 1") { .rest429(count: $0) },
    count("rest-418", "answer the next N REST requests with 418 and Retry-After: 1") { .rest418(count: $0) },
    FaultSyntax(name: "no-pong-check", argument: nil, help: "forgive pings that are not answered") {
      text throws(Refusal) in
      guard text == nil else { throw Refusal(reason: "takes no argument") }
      return .noPongCheck
    },
    seconds("ping", "send a ping every SECONDS") { .ping(every: $0) },
  ]

  private static func probability(
    _ name: String, _ help: String, _ make: @escaping @Sendable (Double) -> Fault
  ) -> FaultSyntax {
    FaultSyntax(name: name, argument: "P", help: help) { text throws(Refusal) in
      guard let text, let value = Double(text), value >= 0, value <= 1 else {
        throw Refusal(reason: "needs a probability between 0 and 1")
      }
      return make(value)
    }
  }

  private static func seconds(
    _ name: String, _ help: String, _ make: @escaping @Sendable (Duration) -> Fault
  ) -> FaultSyntax {
    FaultSyntax(name: name, argument: "SECONDS", help: help) { text throws(Refusal) in
      guard let text, let value = Double(text), value >= 0.01, value <= 86_400 else {
        throw Refusal(reason: "needs seconds between 0.01 and 86400")
      }
      return make(.milliseconds(Int64(value * 1000)))
    }
  }

  private static func count(
    _ name: String, _ help: String, _ make: @escaping @Sendable (Int) -> Fault
  ) -> FaultSyntax {
    FaultSyntax(name: name, argument: "N", help: help) { text throws(Refusal) in
      guard let text, let value = Int(text), value >= 1, value <= 1_000_000 else {
        throw Refusal(reason: "needs a whole number between 1 and 1000000")
      }
      return make(value)
    }
  }
}
