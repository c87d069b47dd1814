import AdminProtocol
import MarketData
import Settings

/// Settings that are or were in force.
struct ReloadVersion: Sendable {
  var generation: Int
  var settings: CollectorSettings
  /// The same with the places they came from; nil for settings that no file gave.
  var loaded: LoadedSettings?
  /// Changes of the files that wait for a restart: the settings hold the old values.
  var pending: [SettingsChange] = []
  /// Why they are the last good ones kept and not the files'; nil when they are the files'.
  var fallback: String?
}

/// One run, as it is begun.
struct ReloadRun: Sendable, Equatable {
  var job: ReloadJob
  /// Who asked: `uid 1000`; several with commas.
  var by: String
  var time: Timestamp

  /// What was asked of a reload; nil for a run that is none.
  var request: ReloadRequest? {
    if case .reload(let request) = job { request } else { nil }
  }

  /// Whether it only tells what would be.
  var isDry: Bool { request?.dryRun == true }
}

/// What a run came to.
struct ReloadEnding: Sendable, Equatable {
  var outcome: ReloadOutcome
  var reply: Reply
  /// One line for the history, the log and a status display.
  var summary: String
  /// A dry run leaves no trace.
  var isRecorded = true

  var succeeded: Bool { reply.error == nil }
}

/// A step that a component, or the reading of the files, may not end in time.
enum ReloadStep: String, Sendable, CaseIterable {
  case read, prepare, commit, verify, revert, discard, finish
}

extension ReloadMachine {
  /// What happened.
  enum Input: Sendable {
    case begin(ReloadRun)
    /// The files were read.
    case read(Result<LoadedSettings, SettingsErrors>)
    /// A component has opened what the change asks for, or is not touched by it.
    case prepared(isTouched: Bool)
    /// What was asked of a component is done.
    case done
    /// All components work; the lines say what is not as it should be and was not better before.
    case verified([String], at: Timestamp? = nil)
    /// A component cannot take the change over.
    case failed(ReloadFailure)
    /// What was asked is not done in its time; it may still be going on.
    case gaveUp
  }

  /// What to do next. Of the actions returned at once only the last may have an answer, which is the next input.
  enum Action: Sendable, Equatable {
    // With an answer.
    case read
    case prepare(String)
    case commit(String)
    case verify([String], within: Duration)
    case revert(String)
    case discard(String)
    case finish(String)

    // Without one.
    case progress(String)
    /// `current` has changed: make its settings and generation those in force.
    case adopt
    /// Keep the settings in force as the last good ones.
    case save
    /// Begin `expire(ticket:)` after this time.
    case arm(ticket: Int, after: Duration)
    case disarm
    /// The run is over; the last action.
    case end(ReloadEnding)
  }

  /// Where a run is.
  enum State: Sendable {
    case idle
    case reading(ReloadRun)
    case preparing(Swap, Int)
    case committing(Swap, Int)
    case verifying(Swap)
    case undoing([Undo], Swap, ReloadRun, ReloadEnding)
    case finishing([String], ReloadRun, ReloadEnding)
  }

  /// The way from the settings in force to others.
  struct Swap: Sendable {
    var run: ReloadRun
    var target: ReloadVersion
    /// The generation whose settings they are, when they were in force once.
    var wanted: Int
    var plan: ReloadPlan
    /// What was in force before, and what before that.
    var before: ReloadVersion
    var beforeThat: ReloadVersion?
    /// Components that have opened something, in their order.
    var prepared: [String] = []
    var warnings: [String] = []
    /// Whether the target has been made the settings in force.
    var isAdopted = false
  }

  /// How to put one component back.
  enum Undo: Sendable, Equatable {
    /// It was swapped.
    case revert(String)
    /// It was only opened.
    case discard(String)
  }

  /// Settings in force that nobody has confirmed yet; the resources of those before are open.
  struct Confirmation: Sendable {
    var ticket: Int
    var swap: Swap
    var until: Timestamp
    var within: Duration
  }
}
