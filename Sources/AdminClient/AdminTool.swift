import AdminProtocol
import Glibc

/// `marketprismctl` as a whole: reads the command line, asks the collector, and says what the process exits with.
public enum AdminTool {
  /// Runs the tool with the process's own arguments, environment and streams.
  public static func main() -> Int32 {
    guard let arguments = ownArguments() else {
      ToolStreams().error("an argument is not UTF-8")
      return ExitStatus.usage.code
    }
    var environment: [String: String] = [:]
    for name in ["MARKETPRISM_SOCKET", "NO_COLOR", "TERM", "HOME", "XDG_STATE_HOME"] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    let colours = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    return run(arguments, environment: environment, streams: ToolStreams(colours: colours))
  }

  /// Runs the tool; returns what the process exits with.
  ///
  /// - Parameter arguments: Those after the program's name.
  package static func run(_ arguments: [String], environment: [String: String], streams: ToolStreams) -> Int32 {
    do throws(UsageError) {
      let parsed = try ToolArguments(arguments, environment: environment)
      return try run(parsed, environment, streams)
    } catch {
      streams.error(error.message)
      return ExitStatus.usage.code
    }
  }

  private static func run(
    _ arguments: ToolArguments, _ environment: [String: String], _ streams: ToolStreams
  ) throws(UsageError) -> Int32 {
    let runner = RequestRunner(arguments.settings, streams)
    switch arguments.invocation {
    case .version: streams.line("marketprismctl \(ProductVersion.current)")
    case .help(let words):
      guard let text = HelpText.text(words) else { throw UsageError(CommandTable.unknownCommand(words).message) }
      streams.line(text)
    case .completion(let script): ToolStreams.write(script.text, to: streams.output)
    case .top:
      guard let terminal = Terminal(input: streams.input, output: streams.output) else {
        throw UsageError("top needs a terminal; for scripts there is \"watch rates\"")
      }
      Signals.watch()
      terminal.makeRaw()
      TopSession(arguments.settings, streams, terminal).run()
      terminal.restore()
      if let number = Signals.end { Signals.pass(number) }
    case .nagios:
      let line = NagiosPlugin.line(arguments.settings)
      streams.line(line.text)
      return line.status.rawValue
    case .interactive:
      let history = { History(path: History.path(environment: environment)) }
      if streams.isInputTerminal, var session = InteractiveSession(arguments.settings, streams, history: history()) {
        return session.run().code
      }
      var script = ScriptRunner(runner, streams)
      return script.run().code
    case .command(var request, let source):
      request.payload = try PayloadReader.read(source, streams)
      return runner.run(request).code
    }
    return ExitStatus.done.code
  }

  /// The arguments after the program's name; nil when one is not UTF-8.
  private static func ownArguments() -> [String]? {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let pointer = CommandLine.unsafeArgv[index], let text = String(validatingCString: pointer) else {
        return nil
      }
      arguments.append(text)
    }
    return arguments
  }
}
