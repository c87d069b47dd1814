import AdminProtocol

/// What the agent keeps for its reloads: the machine, who waits, and what components have opened.
struct ReloadDesk: Sendable {
  /// Somebody who waits for a run.
  struct Waiter: Sendable {
    let continuation: CheckedContinuation<Reply, Never>
    let output: CommandOutput
  }

  /// How long each step of one component may take; verification has `collector.verify_timeout`.
  struct Times: Sendable {
    var read = Duration.seconds(10)
    /// Opening may dial: a server that does not answer must be seen as such.
    var prepare = Duration.seconds(15)
    /// What a component promises to do without waiting for anybody.
    var swap = Duration.seconds(5)
    /// Drains.
    var finish = Duration.seconds(10)
    /// What verification may be late after its deadline, since it looks at the clock itself.
    var slack = Duration.seconds(1)
    var save = Duration.seconds(5)
  }

  var machine: ReloadMachine
  var queue = ReloadQueue()
  var waiters: [Int: Waiter] = [:]
  var times = Times()
  /// By the name of the component; kept while a confirmation is awaited.
  var prepared: [String: any PreparedComponent] = [:]
  /// Waits for the end of the time to confirm.
  var timer: Task<Void, Never>?
  /// How often the last good settings could not be kept.
  var lastGoodFailures = 0
  /// Writes the last good settings; the next writing waits for it.
  var saving: Task<String?, Never>?
  private var tickets = 0

  init(machine: ReloadMachine) { self.machine = machine }

  mutating func nextTicket() -> Int {
    tickets += 1
    return tickets
  }
}
