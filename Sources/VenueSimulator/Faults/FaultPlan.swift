import NIOCore

/// The faults in force, ready to be asked. A later fault of a kind replaces an earlier one.
package struct FaultPlan: Sendable {
  package private(set) var drop = 0.0
  package private(set) var duplicate = 0.0
  package private(set) var reorder = 0.0
  package private(set) var garbage = 0.0
  package private(set) var cutMidFrame: TimeAmount?
  package private(set) var close: TimeAmount?
  package private(set) var stall: TimeAmount?
  package private(set) var ping: TimeAmount?
  package private(set) var checksPongs = true
  private var staleSnapshots = 0
  private var answers429 = 0
  private var answers418 = 0
  /// Changes with every new plan, so that connections see that theirs is old.
  package let generation: Int

  package init(_ faults: [Fault], generation: Int = 0) {
    self.generation = generation
    for fault in faults {
      switch fault {
      case .drop(let probability): drop = probability
      case .duplicate(let probability): duplicate = probability
      case .reorder(let probability): reorder = probability
      case .garbage(let probability): garbage = probability
      case .cutMidFrame(let duration): cutMidFrame = TimeAmount(duration)
      case .close(let duration): close = TimeAmount(duration)
      case .stall(let duration): stall = TimeAmount(duration)
      case .ping(let duration): ping = TimeAmount(duration)
      case .noPongCheck: checksPongs = false
      case .staleSnapshot(let count): staleSnapshots = count
      case .rest429(let count): answers429 = count
      case .rest418(let count): answers418 = count
      }
    }
  }

  /// Whether any fault touches single messages.
  package var touchesMessages: Bool { drop > 0 || duplicate > 0 || reorder > 0 || garbage > 0 }

  /// The refusal the next REST request is owed, and its name.
  package mutating func takeRefusal() -> (status: Int, name: String)? {
    if answers429 > 0 {
      answers429 -= 1
      return (429, "rest-429")
    }
    if answers418 > 0 {
      answers418 -= 1
      return (418, "rest-418")
    }
    return nil
  }

  /// Whether the next snapshot is to be stale.
  package mutating func takeStaleSnapshot() -> Bool {
    guard staleSnapshots > 0 else { return false }
    staleSnapshots -= 1
    return true
  }
}
