/// Completion for fish, with what each word does.
enum FishCompletion {
  static var text: String {
    """
    # \(CompletionScript.origin)

    # Whether the words before the cursor lead to this beginning of a command.
    function __marketprismctl_at
        set -l command
        set -l before
        for word in (commandline -opc)[2..-1]
            if contains -- "$before" \(separateOptions.joined(separator: " "))
                set before
                continue
            end
            set before $word
            string match -q -- '-*' $word; and continue
            test "$word" = json; and continue
            if contains -- (string trim "$command $word") \(paths)
                set command (string trim "$command $word")
            end
        end
        test "$command" = "$argv[1]"
    end

    # Whether the word before the cursor asks for a value of which nothing is known.
    function __marketprismctl_value
        contains -- (commandline -opc)[-1] \(CompletionScript.valueWords.joined(separator: " "))
    end

    complete -c marketprismctl -f
    \(CompletionScript.commonOptions.map { option($0, at: nil) }.joined(separator: "\n"))
    \(CompletionState.all.map(state).filter { !$0.isEmpty }.joined(separator: "\n"))

    """
  }

  private static var separateOptions: [String] {
    CompletionScript.pathOptions + [ToolOption.completion.name, ToolOption.timeout.name]
  }

  private static var paths: String {
    CompletionState.all.dropFirst().map { CompletionScript.quoted($0.name) }.joined(separator: " ")
  }

  private static func state(_ state: CompletionState) -> String {
    let condition = "__marketprismctl_at \(CompletionScript.quoted(state.name)); and not __marketprismctl_value"
    let words = state.words.map { entry in
      "complete -c marketprismctl -n \"\(condition)\" -a \(entry.word)"
        + (entry.help.isEmpty ? "" : " -d \(CompletionScript.quoted(entry.help))")
    }
    let own = ToolOption.all.filter { $0.commands.contains(state.name) }
    let keywords = state.options.filter { entry in !own.contains { $0.name == entry.word } }.map { entry in
      "complete -c marketprismctl -n \"__marketprismctl_at \(CompletionScript.quoted(state.name))\" "
        + "-l \(entry.word.dropFirst(2))" + (entry.value == nil ? "" : " -x -d \(CompletionScript.quoted(entry.help))")
    }
    return (words + keywords + own.map { option($0, at: state.name) }).joined(separator: "\n")
  }

  private static func option(_ option: ToolOption, at path: String?) -> String {
    var line = "complete -c marketprismctl"
    if let path { line += " -n \"__marketprismctl_at \(CompletionScript.quoted(path))\"" }
    line += " -l \(option.name.dropFirst(2))"
    switch option.value {
    case "PATH"?, "FILE"?: line += " -r -F"
    case "SHELL"?:
      line += " -x -a \(CompletionScript.quoted(CompletionScript.allCases.map(\.rawValue).joined(separator: " ")))"
    case _?: line += " -x"
    case nil: break
    }
    return line + " -d \(CompletionScript.quoted(option.help))"
  }
}
