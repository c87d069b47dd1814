import Agent
import ArgumentParser

/// The command line: one subcommand a way of running.
struct CollectorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marketprism-collector",
    abstract: "Collects market data from exchanges and delivers it to NATS.",
    discussion: """
      Exit status: 0 done; 1 a replay found a mismatch; 64 wrong usage; 65 damaged input; 66 no such input; 69 a port or \
      socket is taken, or required NATS was not reached; 70 internal error; 78 invalid configuration.
      """,
    version: CollectorVersion.current,
    subcommands: [RunCommand.self, DemoCommand.self, CheckCommand.self, ReplayCommand.self, SimulateCommand.self])
}

/// Exit statuses of sysexits.h that this program uses.
enum Exit {
  static let mismatch = ExitCode(1)
  static let damagedInput = ExitCode(65)
  static let noInput = ExitCode(66)
  static let unavailable = ExitCode(69)
  static let internalError = ExitCode(70)
  static let configuration = ExitCode(78)
}
