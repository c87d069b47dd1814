import AdminProtocol

/// Makes protocol arguments of a command line's words: `nats required --for 30m` becomes `nats required for 30m`.
package enum CommandWords {
  /// One argument of the command line.
  package enum Word: Equatable {
    /// As it stands.
    case literal(String)
    /// `--name` or `--name=value`.
    case option(String, attached: String?)

    var literal: String? {
      if case .literal(let text) = self { text } else { nil }
    }
  }

  /// The command that the words begin with, if there is one.
  static func specification(_ words: [Word]) -> CommandSpecification? {
    let literals = words.prefix { $0.literal != nil }.compactMap(\.literal)
    return CommandTable.all.filter { literals.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  }

  /// The words as the protocol has them. Which options there are follows from the command table.
  static func arguments(_ words: [Word]) throws(UsageError) -> [String] {
    let specification = specification(words)
    var arguments: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      guard case .option(let name, let attached) = word else {
        if let text = word.literal { arguments.append(text) }
        continue
      }
      guard let specification else { throw unknownCommandOption(name, after: arguments) }
      guard let parameter = keywords(of: specification).first(where: { $0.name == name }) else {
        throw unknown(name, for: specification)
      }
      arguments.append(parameter.name)
      if parameter.kind == .flag {
        if attached != nil { throw UsageError("--\(name) takes no value") }
      } else if let attached {
        arguments.append(attached)
      } else if case .literal(let value)? = rest.first {
        arguments.append(value)
        rest.removeFirst()
      } else {
        throw UsageError("--\(name) needs \(parameter.display) after it")
      }
    }
    return arguments
  }

  /// The parameters that are options on a command line.
  package static func keywords(of specification: CommandSpecification) -> [Parameter] {
    specification.parameters.filter { $0.kind == .flag || $0.kind == .option }
  }

  private static func unknown(_ name: String, for specification: CommandSpecification) -> UsageError {
    let known =
      keywords(of: specification).map { "--\($0.name)" }
      + ToolOption.all.filter { $0.commands.isEmpty || $0.commands.contains(specification.name) }.map(\.name)
    let hint = Suggestion.nearest(to: "--\(name)", among: known).map { "; did you mean \($0)?" } ?? ""
    return UsageError("\"\(specification.name)\" has no option --\(name)\(hint)")
  }

  private static func unknownCommandOption(_ name: String, after words: [String]) -> UsageError {
    if !words.isEmpty { return UsageError(CommandTable.unknownCommand(words).message) }
    if let option = Suggestion.nearest(to: "--\(name)", among: ToolOption.all.map(\.name)) {
      return UsageError("there is no option --\(name); did you mean \(option)?")
    }
    return UsageError("the option --\(name) must stand after its command")
  }
}
