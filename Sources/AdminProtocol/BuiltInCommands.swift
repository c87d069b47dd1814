/// The commands that need nothing but the protocol itself.
public enum BuiltInCommands {
  /// The reply to `help`, `version`, `quit` and `prompt`; nil for every other command.
  ///
  /// - Parameter version: What `version` answers with, such as `marketprism-collector 1.0.0`.
  public static func reply(to call: CommandCall, version: String) -> Reply? {
    switch call.id {
    case .help: help(call.text("COMMAND"))
    case .version: self.version(version)
    case .quit: Reply(closes: true)
    case .prompt: Reply()
    default: nil
    }
  }

  private static func version(_ version: String) -> Reply {
    Reply(
      body: [version], fields: [ReplyField("protocol", String(ReplyWriter.version))],
      data: ["version": .string(version), "protocol": .int(Int64(ReplyWriter.version))])
  }

  private static func help(_ command: String?) -> Reply {
    guard let command else {
      let width = CommandTable.all.map(\.usage.count).max() ?? 0
      let lines = CommandTable.all.map { row in
        row.usage + String(repeating: " ", count: width - row.usage.count + 2) + row.help
      }
      return Reply(body: lines, data: describe(CommandTable.all))
    }
    let rows = CommandTable.all.filter { ($0.name + " ").hasPrefix(command + " ") }
    if rows.isEmpty {
      return .failure(CommandTable.unknownCommand(command.split(separator: " ").map(String.init)))
    }
    let lines = rows.flatMap { row in
      [row.usage, "  \(row.help)", "  role: \(row.role.name)", "  example: \(row.example)"]
    }
    return Reply(body: lines, data: describe(rows))
  }

  private static func describe(_ rows: [CommandSpecification]) -> JSONValue {
    let commands = rows.map { row -> JSONValue in
      [
        "command": .string(row.name), "arguments": .string(row.arguments), "role": .string(row.role.name),
        "changes": .bool(row.changes), "help": .string(row.help), "example": .string(row.example),
      ]
    }
    return ["commands": .array(commands)]
  }
}
