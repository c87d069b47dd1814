import Agent
import ArgumentParser

/// The command line: one subcommand a way of running.
struct CollectorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marketprism-collector",
    abstract: "Collects market data from exchanges and delivers it to NATS.",
    discussion: "Exit status: " + Exit.all.map { "\($0.status) \($0.meaning)" }.joined(separator: "; ") + ".",
    version: CollectorVersion.current,
    subcommands: [RunCommand.self, DemoCommand.self, CheckCommand.self, ReplayCommand.self, SimulateCommand.self])
}

/// Exit statuses; those from 64 on are of sysexits.h.
enum Exit {
  static let mismatch = ExitCode(1)
  static let damagedInput = ExitCode(65)
  static let noInput = ExitCode(66)
  static let unavailable = ExitCode(69)
  static let internalError = ExitCode(70)
  static let configuration = ExitCode(78)

  /// Every status and what it says.
  static let all: [(status: Int32, meaning: String)] = [
    (ExitCode.success.rawValue, "done, or stopped as asked"),
    (mismatch.rawValue, "a replay found a mismatch"),
    (ExitCode.validationFailure.rawValue, "wrong usage"),
    (damagedInput.rawValue, "damaged input"),
    (noInput.rawValue, "no such input"),
    (unavailable.rawValue, "a port or socket is taken, or required NATS was not reached"),
    (internalError.rawValue, "internal error"),
    (configuration.rawValue, "invalid configuration"),
  ]
}
