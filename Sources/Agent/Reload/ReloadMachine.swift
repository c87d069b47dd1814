import MarketData
import Settings

/// Changing the settings in force: all or nothing, one run at a time.
///
///     READ → PLAN → PREPARE every component → COMMIT all → VERIFY → FINISH
///                       │ failure                 │ failure, or nobody confirms
///                       ▼                         ▼
///                    DISCARD                    REVERT, the last first
///
/// A value without I/O: ``handle(_:)`` takes what happened and returns what to do. Generations count up and no number is
/// given twice, so that `if-generation` cannot mistake one for another; settings that are put back come with their number.
struct ReloadMachine: Sendable {
  /// The longest `confirm-within`: until then both the old and the new are open.
  static let longestConfirmation = Duration.seconds(3600)

  /// The settings in force.
  var current: ReloadVersion
  /// Those before; nil before the first change.
  var previous: ReloadVersion?
  /// The components, in the order in which they are changed.
  var components: [String] = []
  /// What waits for `confirm`.
  var confirmation: Confirmation?
  /// Why the last run failed; nil when it did not.
  var lastError: String?
  /// Why the settings are the last good ones kept; nil when they are the files'.
  var fallback: String? { current.fallback }
  /// The process ends: what is under way is wound up, nothing new begins.
  var isStopping = false
  var history = ReloadHistory()
  /// How often something did not end in time.
  private(set) var giveUps: [ReloadStep: Int] = [:]
  var state = State.idle
  /// Whether there are files to read.
  let hasFiles: Bool
  private var highest: Int
  private var tickets = 0

  /// A machine with the settings of the start in force.
  init(start: ReloadVersion, hasFiles: Bool, fallback: String? = nil, at time: Timestamp) {
    current = start
    highest = start.generation
    self.hasFiles = hasFiles
    current.fallback = fallback
    history.add(
      ReloadHistory.Record(
        generation: start.generation, time: time, by: "start", outcome: .started,
        summary: fallback.map { "last good settings: \($0)" } ?? "started"))
  }

  /// Takes what happened; returns what to do. An input that does not belong to the state changes nothing.
  mutating func handle(_ input: Input) -> [Action] {
    switch (state, input) {
    case (.idle, .begin(let run)): return begin(run)
    case (.reading(let run), .read(let result)): return read(result, run)
    case (.reading(let run), .gaveUp):
      count(.read)
      return end(ReloadReplies.unreadable(current), run)
    case (.preparing(let swap, let index), .prepared(let isTouched)): return prepared(swap, index, isTouched)
    case (.preparing(let swap, _), .failed(let failure)): return abandon(swap, failure)
    case (.preparing(let swap, let index), .gaveUp):
      count(.prepare)
      return abandon(swap, timeout(of: name(index), "open what the change asks for"))
    case (.committing(let swap, let index), .done): return committed(swap, index)
    case (.committing(let swap, let index), .gaveUp):
      count(.commit)
      let failure = timeout(of: name(swap, index), "take over")
      return undo(swap, committed: index + 1, ReloadReplies.failed(.reverted, failure, swap))
    case (.verifying(let swap), .verified(let lines, let time)): return verified(swap, lines, at: time)
    case (.verifying(let swap), .failed(let failure)):
      if failure.isTimeout { count(.verify) }
      return undo(swap, committed: swap.prepared.count, ReloadReplies.failed(.reverted, failure, swap))
    case (.undoing(let left, let swap, let run, let ending), .done):
      return undo(left.dropFirst(), swap, run, ending)
    case (.undoing(let left, let swap, let run, let ending), .gaveUp):
      if case .revert? = left.first { count(.revert) } else { count(.discard) }
      return undo(left.dropFirst(), swap, run, ending)
    case (.finishing(let left, let run, let ending), .done): return finish(left.dropFirst(), run, ending)
    case (.finishing(let left, let run, let ending), .gaveUp):
      count(.finish)
      return finish(left.dropFirst(), run, ending)
    default: return []
    }
  }

  private func name(_ index: Int) -> String { components.indices.contains(index) ? components[index] : "" }
  private func name(_ swap: Swap, _ index: Int) -> String {
    swap.prepared.indices.contains(index) ? swap.prepared[index] : ""
  }

  private mutating func count(_ step: ReloadStep) { giveUps[step, default: 0] += 1 }

  private func timeout(of component: String, _ what: String) -> ReloadFailure {
    ReloadFailure(component: component, "did not \(what) in time", isTimeout: true)
  }

  /// A number that no generation has had.
  mutating func nextGeneration() -> Int {
    highest += 1
    return highest
  }

  mutating func nextTicket() -> Int {
    tickets += 1
    return tickets
  }
}
