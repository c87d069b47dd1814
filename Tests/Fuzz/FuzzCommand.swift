import ArgumentParser
import Glibc

/// Feeds mutated inputs to whatever reads what others send, until the time is over or something is found.
///
/// A found input, and one that crashes or hangs the process, is written to the folder of findings, and
/// `--input FILE` runs it again. The same seed makes the same inputs.
@main
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marketprism-fuzz", abstract: "Looks for inputs that break the collector's readers.")

  @Argument(
    help: "What to feed: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")); all when none is named.")
  var targets: [FuzzTarget] = []

  @Option(help: "Seconds a target.")
  var seconds = 20

  @Option(help: "Makes the inputs; another one at every run when absent.")
  var seed: UInt64?

  @Option(help: "Run this one file and nothing else.")
  var input: String?

  @Option(help: "The folder inputs that broke something are written to.")
  var findings = "fuzz-findings"

  func validate() throws {
    guard (1...86400).contains(seconds) else { throw ValidationError("--seconds is 1 to 86400") }
    guard input == nil || targets.count == 1 else { throw ValidationError("--input takes exactly one target") }
  }

  func run() throws {
    let targets = targets.isEmpty ? FuzzTarget.allCases : targets
    if let input, let target = targets.first {
      try target.feed(try Corpus.read(input))
      print("\(target.rawValue): nothing wrong with \(input)")
      return
    }
    let seed = seed ?? UInt64.random(in: 0...UInt64.max)
    for target in targets { try fuzz(target, seed: seed) }
  }

  private func fuzz(_ target: FuzzTarget, seed: UInt64) throws {
    let corpus = Corpus(for: target)
    guard !corpus.inputs.isEmpty else { throw ValidationError("no inputs to begin with in \(target.corpusFolders)") }
    var mutator = Mutator(seed: seed, corpus: corpus.inputs, dictionary: target.dictionary)
    CrashCapture.install(folder: findings, target: target.rawValue)
    let end = ContinuousClock.now + .seconds(seconds)
    var runs = 0
    while runs % 64 != 0 || ContinuousClock.now < end {
      // The corpus itself comes first, as it is.
      let input = runs < corpus.inputs.count ? corpus.inputs[runs] : mutator.next()
      CrashCapture.begin(input)
      do {
        try target.feed(input)
      } catch {
        CrashCapture.end()
        let file = try Corpus.write(input, folder: findings, name: "\(target.rawValue)-\(seed)-\(runs)")
        print("\(target.rawValue): \(error)\nrun it again with --input \(file) \(target.rawValue)")
        throw ExitCode(1)
      }
      CrashCapture.end()
      runs += 1
    }
    print(
      "\(target.rawValue): \(runs) inputs in \(seconds) s, nothing found (corpus \(corpus.inputs.count), seed \(seed))")
  }
}
