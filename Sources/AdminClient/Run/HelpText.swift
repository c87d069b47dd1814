import AdminProtocol

/// What `--help` prints; everything in it follows from the tables.
enum HelpText {
  /// The tool as a whole, or the commands that begin with these words; nil when there are none.
  static func text(_ words: [String]) -> String? {
    if words.isEmpty { return overview }
    if let tool = ToolCommand.all.first(where: { [$0.name] == words }) {
      return "marketprismctl \(tool.name)\n  \(tool.help)\n  example: marketprismctl \(tool.example)"
    }
    let name = words.joined(separator: " ")
    let rows = CommandTable.all.filter { ($0.name + " ").hasPrefix(name + " ") }
    return rows.isEmpty ? nil : rows.map(command).joined(separator: "\n\n")
  }

  /// How the command is called from a shell.
  package static func usage(_ row: CommandSpecification) -> String {
    let parts = row.parameters.map { parameter in
      switch parameter.kind {
      case .flag: "[--\(parameter.name)]"
      case .option: "[--\(parameter.name) \(parameter.display)]"
      case .positional, .rest: parameter.usage
      }
    }
    let options = ToolOption.all.filter { $0.commands.contains(row.name) }.map { option in
      "[" + ([option.name] + (option.value.map { [$0] } ?? [])).joined(separator: " ") + "]"
    }
    return ([row.name] + parts + options).joined(separator: " ")
  }

  private static func command(_ row: CommandSpecification) -> String {
    """
    marketprismctl \(usage(row))
      \(row.help)
      role: \(row.role.name)
      example: marketprismctl \(row.example)
    """
  }

  private static var overview: String {
    """
    marketprismctl [OPTION...] [COMMAND [ARGUMENT...]]

    Talks to a running MarketPrism collector. Without a command it asks on a terminal, and reads a command a line from
    anything else, up to the first that fails. Keywords of a command may be written as options: "nats required --for 30m".

    Commands:
    \(table(CommandTable.all.map { (usage($0), $0.help) } + ToolCommand.all.map { ($0.name, $0.help) }))

    Options:
    \(table(ToolOption.all.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.help) }))

    Exit status:
    \(table(ExitStatus.all.map { (String($0.code), $0.meaning) }))
    """
  }

  /// Two columns; a long entry of the first has a line of its own.
  private static func table(_ rows: [(String, String)]) -> String {
    let width = min(28, rows.map(\.0.count).max() ?? 0)
    return rows.map { left, right in
      let gap =
        left.count <= width
        ? String(repeating: " ", count: width - left.count + 2) : "\n  " + String(repeating: " ", count: width + 2)
      return "  " + left + gap + right
    }.joined(separator: "\n")
  }
}
