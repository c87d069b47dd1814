/// Decides what becomes of each message of one connection. Pure: takes a message, returns what to send.
package struct MessageFaults: Sendable {
  /// What to put on the wire.
  package enum Outgoing: Sendable, Equatable {
    case text([UInt8])
    case binary([UInt8])
  }

  private var random: SeededGenerator
  private var held: [UInt8]?
  private var garbageTurn = 0
  /// Faults injected since they were last collected.
  package var counts: [String: Int] = [:]

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// Whether a message waits for its successor to overtake it.
  package var isHolding: Bool { held != nil }

  /// Applies `plan` to one message.
  package mutating func apply(_ plan: FaultPlan, to message: [UInt8], isDepth: Bool) -> [Outgoing] {
    var outgoing: [Outgoing] = []
    if random.chance(plan.garbage) { outgoing.append(garbage(from: message)) }
    guard isDepth else { return outgoing + [.text(message)] }
    if random.chance(plan.drop) {
      counts["drop", default: 0] += 1
      return outgoing
    }
    if held == nil, random.chance(plan.reorder) {
      counts["reorder", default: 0] += 1
      held = message
      return outgoing
    }
    outgoing.append(.text(message))
    if random.chance(plan.duplicate) {
      counts["duplicate", default: 0] += 1
      outgoing.append(.text(message))
    }
    return outgoing + release()
  }

  /// Gives back the message that waits, if any.
  package mutating func release() -> [Outgoing] {
    guard let message = held else { return [] }
    held = nil
    return [.text(message)]
  }

  private mutating func garbage(from message: [UInt8]) -> Outgoing {
    counts["garbage", default: 0] += 1
    garbageTurn = (garbageTurn + 1) % 3
    switch garbageTurn {
    case 1: return .text(Array(message.prefix(message.count / 2)))
    case 2: return .binary([0x00, 0xFF, 0x13, 0x37])
    default: return .text(Array("{\"stream\":\"".utf8) + [0xC3, 0x28, 0xFE] + Array("\"}".utf8))
    }
  }
}
