import AdminProtocol

/// A word that may come next, and what it does.
package struct CompletionEntry: Sendable, Equatable {
  /// As it is typed.
  package var word: String
  /// One sentence; may be empty.
  package var help: String
  /// What must follow it, such as `DURATION`; nil when it stands alone.
  package var value: String?
}

/// What may follow on a command line, for each beginning of a command. Follows from the command table.
package struct CompletionState: Sendable, Equatable {
  /// The words of the command so far; empty at the beginning.
  package let path: [String]
  /// Words of the grammar that may follow.
  package let words: [CompletionEntry]
  /// The same keywords as options, and the tool's own that are for this command alone.
  package let options: [CompletionEntry]

  /// The path as one text.
  package var name: String { path.joined(separator: " ") }

  /// Every beginning of every command, the empty one first.
  package static let all: [CompletionState] = {
    let rows = CommandTable.all.map(\.words) + ToolCommand.all.map { [$0.name] }
    var paths: [[String]] = [[]]
    for words in rows {
      for count in 1...max(1, words.count) where !paths.contains(Array(words.prefix(count))) {
        paths.append(Array(words.prefix(count)))
      }
    }
    return paths.map(CompletionState.init)
  }()

  /// Where words before the cursor lead: the longest beginning of a command that they have.
  package static func following(_ words: [String]) -> CompletionState? {
    all.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
  }

  private init(path: [String]) {
    self.path = path
    let row = CommandTable.all.first { $0.words == path }
    var words = Self.next(after: path)
    for parameter in row?.parameters ?? [] {
      switch (parameter.kind, parameter.type) {
      case (.flag, _), (.option, _): words.append(Self.keyword(parameter, prefix: ""))
      case (_, .choice(let choices)): words += choices.map { CompletionEntry(word: $0, help: "") }
      case (.rest, _): words += Self.next(after: [])
      default: break
      }
    }
    self.words = words
    options =
      (row.map(CommandWords.keywords) ?? []).map { Self.keyword($0, prefix: "--") }
      + ToolOption.all.filter { $0.commands.contains(path.joined(separator: " ")) }.map { option in
        CompletionEntry(word: option.name, help: option.help, value: option.value)
      }
  }

  private static func keyword(_ parameter: Parameter, prefix: String) -> CompletionEntry {
    let value = parameter.kind == .option ? parameter.display : nil
    return CompletionEntry(word: prefix + parameter.name, help: value.map { "followed by \($0)" } ?? "", value: value)
  }

  /// The next words of commands that begin so, each once, with what the command or the group does.
  private static func next(after path: [String]) -> [CompletionEntry] {
    var entries: [CompletionEntry] = []
    for row in CommandTable.all where row.words.count > path.count && row.words.starts(with: path) {
      let word = row.words[path.count]
      guard !entries.contains(where: { $0.word == word }) else { continue }
      let isWhole = row.words.count == path.count + 1
      entries.append(CompletionEntry(word: word, help: isWhole ? row.help : group(path + [word])))
    }
    if path.isEmpty { entries += ToolCommand.all.map { CompletionEntry(word: $0.name, help: $0.help) } }
    return entries
  }

  private static func group(_ path: [String]) -> String {
    let words = CommandTable.all.filter { $0.words.starts(with: path) && $0.words.count > path.count }
      .compactMap { $0.words.dropFirst(path.count).first }
    return words.joined(separator: ", ")
  }
}
