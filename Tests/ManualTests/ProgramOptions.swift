import Glibc
import Testing

/// The options of the built program, as it says them itself.
enum ProgramOptions {
  /// The built program, beside the test bundle.
  static let program: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let runner = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = runner.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/marketprism-collector"
    return access(beside, X_OK) == 0 ? beside : ManualPages.package + "/.build/debug/marketprism-collector"
  }()

  /// One option of one subcommand.
  struct Option {
    var command: String
    var name: String
    var value: String
    var help: String
  }

  /// All of them, but for those that every command has.
  static func all() throws -> [Option] {
    let filter = """
      .command.subcommands[] | . as $command | .arguments[]? | select(.shouldDisplay and .kind != "positional")
      | select((.names[0].name) as $n | ["help", "version", "h"] | index($n) | not)
      | [$command.commandName, "--" + ([.names[] | select(.kind == "long") | .name][0]),
         (if .kind == "option" then .valueName else "" end),
         (.abstract // "") + (if .defaultValue then " Default: \\(.defaultValue)." else "" end)] | @tsv
      """
    let pipe = try #require(popen("'\(program)' --experimental-dump-help | jq -r '\(filter)'", "r"))
    var text: [UInt8] = []
    while case let byte = getc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
    try #require(pclose(pipe) == 0)
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Option(command: fields[0], name: fields[1], value: fields[2], help: fields[3])
    }
  }

  /// The section of the manual page: commands with their options.
  static func section() throws -> String {
    let options = try all()
    let commands = options.reduce(into: [String]()) { if $0.last != $1.command { $0.append($1.command) } }
    return commands.map { command in
      "\n## \(command)\n\n"
        + options.filter { $0.command == command }.map { option in
          let value = option.value.isEmpty ? "" : " _\(Scdoc.escaped(option.value.uppercased()))_"
          return Scdoc.entry("*\(Scdoc.escaped(option.name))*\(value)", Scdoc.escaped(option.help))
        }.joined(separator: "\n")
    }.joined()
  }
}
