import AdminProtocol

/// A shell whose completion the tool writes.
package enum CompletionScript: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish

  /// The name under which the shell looks for the file.
  package var fileName: String {
    switch self {
    case .bash: "marketprismctl"
    case .zsh: "_marketprismctl"
    case .fish: "marketprismctl.fish"
    }
  }

  /// The script.
  package var text: String {
    switch self {
    case .bash: BashCompletion.text
    case .zsh: ZshCompletion.text
    case .fish: FishCompletion.text
    }
  }

  /// What stands at the head of each script.
  static let origin = "Made by «make completions» from the tables of commands and options; changes belong there."

  /// Options of the tool that are for every command.
  static var commonOptions: [ToolOption] { ToolOption.all.filter(\.commands.isEmpty) }

  /// Keywords and options that are followed by a value of which nothing is known, as words of a shell's case.
  static var valueWords: [String] {
    var words: [String] = []
    let keywords = CommandTable.all.flatMap(\.parameters).filter { $0.kind == .option }
    for name in keywords.flatMap({ [$0.name, "--\($0.name)"] }) where !words.contains(name) { words.append(name) }
    return words + ToolOption.all.filter { $0.value == "DURATION" }.map(\.name)
  }

  /// Options that are followed by a path.
  static var pathOptions: [String] {
    ToolOption.all.filter { $0.value == "PATH" || $0.value == "FILE" }.map(\.name)
  }

  /// A word as all three shells read it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
