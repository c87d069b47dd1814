/// Who waits for which run: one run at a time, and callers who want the same share one that has not begun.
///
/// A caller who comes while a run is under way gets a later one, because the run under way may have read the files already.
struct ReloadQueue: Sendable {
  /// A run to come, and who waits for it.
  struct Batch: Sendable, Equatable {
    var job: ReloadJob
    /// Who asked, each once.
    var callers: [String]
    /// The tickets of those who wait.
    var waiters: [Int]
  }

  /// Different runs that may wait; callers who share one do not count.
  static let limit = 16
  /// Callers who may wait for one run.
  static let waiterLimit = 4096

  private(set) var isRunning = false
  private(set) var waiting: [Batch] = []

  /// Lets a caller wait.
  ///
  /// - Returns: false when too many wait already.
  mutating func add(_ job: ReloadJob, by caller: String, waiter: Int) -> Bool {
    if job.mayBeShared, let index = waiting.firstIndex(where: { $0.job == job }) {
      guard waiting[index].waiters.count < Self.waiterLimit else { return false }
      waiting[index].waiters.append(waiter)
      if !waiting[index].callers.contains(caller) { waiting[index].callers.append(caller) }
      return true
    }
    // What the collector itself has to do, such as the undo at the end of a time, always finds room.
    guard waiting.count < Self.limit || job.isOwn else { return false }
    waiting.append(Batch(job: job, callers: [caller], waiters: [waiter]))
    return true
  }

  /// The next run, when none is under way.
  mutating func next() -> Batch? {
    guard !isRunning, !waiting.isEmpty else { return nil }
    isRunning = true
    return waiting.removeFirst()
  }

  /// The run under way is over.
  mutating func ended() { isRunning = false }
}

/// One thing to do, which nothing else of its kind may overlap.
enum ReloadJob: Sendable, Equatable {
  case reload(ReloadRequest)
  /// Keep what waits for confirmation.
  case confirm
  /// The time of the confirmation with this ticket is over.
  case expire(ticket: Int)
  /// The process ends: close what a confirmation kept open.
  case close

  /// Whether callers who ask for the same get one run. Not those with a guard or a promise of their own: of two who say
  /// "if generation 7" only one may find it.
  var mayBeShared: Bool {
    guard case .reload(let request) = self else { return false }
    return request.confirmWithin == nil && (request.ifGeneration == nil || request.kind == .rollback)
  }

  /// Whether the collector itself asks.
  var isOwn: Bool {
    switch self {
    case .expire, .close: true
    case .reload, .confirm: false
    }
  }
}
