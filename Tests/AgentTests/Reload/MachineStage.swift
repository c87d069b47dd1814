import AdminProtocol
import MarketData
import Settings
import Testing

@testable import Agent

/// A reload machine with components that answer as a test says, and a record of all that it asked for.
struct MachineStage {
  static let time = Timestamp(nanoseconds: 1_000_000_000_000)
  static let supported = SupportedVenues([(exchange: "binance", marketType: "spot", dataTypes: ["trade", "orderbook"])])

  var machine: ReloadMachine
  /// What the machine asked for in the last run, `prepare nats`; progress and the end are left out.
  private(set) var asked: [String] = []
  private(set) var progress: [String] = []
  /// Answers that are not the plain ones, by what was asked.
  var answers: [String: ReloadMachine.Input] = [:]
  /// Called before an answer is given.
  var before: [String: @Sendable (inout ReloadMachine) -> Void] = [:]
  /// What the files say.
  var files: Result<LoadedSettings, SettingsErrors>

  init(_ text: String = "nats: { grace: 5s }", fallback: String? = nil, hasFiles: Bool = true) throws {
    let loaded = try Self.load(text)
    machine = ReloadMachine(
      start: ReloadVersion(generation: 1, settings: loaded.settings, loaded: loaded), hasFiles: hasFiles,
      fallback: fallback, at: Self.time)
    machine.components = ["http", "admin", "nats", "feeds", "values"]
    files = .success(loaded)
  }

  static func load(_ text: String) throws -> LoadedSettings {
    let all = text + "\nexchanges: [{ exchange: binance, market_type: spot, symbols: [BTCUSDT], data_types: [trade] }]"
    return try SettingsLoader.load(text: all, name: "c.yaml", supported: supported).get()
  }

  /// Lets the files say something else and reloads.
  @discardableResult
  mutating func reload(_ text: String, _ request: ReloadRequest = ReloadRequest()) throws -> ReloadEnding {
    files = .success(try Self.load(text))
    return try run(.reload(request))
  }

  /// One run to its end.
  @discardableResult
  mutating func run(_ job: ReloadJob, by caller: String = "uid 7", at seconds: Int64 = 0) throws -> ReloadEnding {
    asked = []
    progress = []
    let time = Timestamp(nanoseconds: Self.time.nanoseconds + seconds * 1_000_000_000)
    var actions = machine.handle(.begin(ReloadRun(job: job, by: caller, time: time)))
    // A machine that never ends is a defect, not a test that hangs.
    for _ in 0..<100 {
      var answer: ReloadMachine.Input?
      for action in actions {
        if case .end(let ending) = action { return ending }
        answer = take(action) ?? answer
      }
      actions = machine.handle(try #require(answer, "nothing to wait for and no end: \(actions)"))
    }
    throw TooLong()
  }

  struct TooLong: Error {}

  private mutating func take(_ action: ReloadMachine.Action) -> ReloadMachine.Input? {
    let (name, plain) = describe(action)
    guard let name else { return nil }
    asked.append(name)
    before[name]?(&machine)
    return plain == nil ? nil : answers[name] ?? plain
  }

  /// What an action asks for, and the answer of a component that is well.
  private mutating func describe(_ action: ReloadMachine.Action) -> (String?, ReloadMachine.Input?) {
    switch action {
    case .progress(let text):
      progress.append(text)
      return (nil, nil)
    case .end: return (nil, nil)
    case .read: return ("read", .read(files))
    case .prepare(let name):
      let isConcerned: Bool
      if case .preparing(let swap, _) = machine.state {
        isConcerned = swap.plan.concerns(name)
      } else {
        isConcerned = false
      }
      return ("prepare \(name)", .prepared(isTouched: isConcerned))
    case .commit(let name): return ("commit \(name)", .done)
    case .verify(let names, let within): return ("verify \(names.joined(separator: "+")) \(within)", .verified([]))
    case .revert(let name): return ("revert \(name)", .done)
    case .discard(let name): return ("discard \(name)", .done)
    case .finish(let name): return ("finish \(name)", .done)
    case .adopt: return ("adopt \(machine.current.generation)", nil)
    case .save: return ("save", nil)
    case .arm(let ticket, let time): return ("arm \(ticket) \(time)", nil)
    case .disarm: return ("disarm", nil)
    }
  }

  /// What was asked for without the questions that every component gets.
  var steps: [String] { asked.filter { !$0.hasPrefix("prepare ") && $0 != "read" } }
}
