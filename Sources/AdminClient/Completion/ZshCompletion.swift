/// Completion for zsh, with what each word does.
enum ZshCompletion {
  static var text: String {
    """
    #compdef marketprismctl
    # \(CompletionScript.origin)

    _marketprismctl() {
        local before='' candidate='' word
        local -a entries options
        case ${words[CURRENT - 1]} in
        (\(CompletionScript.pathOptions.joined(separator: "|")))
            _files
            return
            ;;
        (\(ToolOption.completion.name))
            compadd -- \(CompletionScript.allCases.map(\.rawValue).joined(separator: " "))
            return
            ;;
        (\(CompletionScript.valueWords.joined(separator: "|")))
            return 1
            ;;
        esac
        local command=''
        for word in ${words[2,CURRENT-1]}; do
            case $before in
            (\((CompletionScript.pathOptions + [ToolOption.completion.name, ToolOption.timeout.name]).joined(separator: "|")))
                before=''
                continue
                ;;
            esac
            before=$word
            [[ $word == -* || $word == json ]] && continue
            candidate=${command:+$command }$word
            case $candidate in
            (\(paths))
                command=$candidate
                ;;
            esac
        done
        options=(
    \(list(CompletionScript.commonOptions.map { CompletionEntry(word: $0.name, help: $0.help) }))
        )
        case $command in
    \(states)
        esac
        if [[ ${words[CURRENT]} == -* ]]; then
            _describe -o option options
        else
            _describe command entries
        fi
    }

    if [[ $funcstack[1] == _marketprismctl ]]; then
        _marketprismctl "$@"
    else
        compdef _marketprismctl marketprismctl
    fi

    """
  }

  private static var paths: String {
    CompletionState.all.dropFirst().map { CompletionScript.quoted($0.name) }.joined(separator: "|")
  }

  private static var states: String {
    CompletionState.all.map { state in
      var lines = ["    (\(CompletionScript.quoted(state.name)))"]
      if !state.words.isEmpty { lines += ["        entries=(", list(state.words), "        )"] }
      if !state.options.isEmpty { lines += ["        options+=(", list(state.options), "        )"] }
      return (lines + ["        ;;"]).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// `'word:help'`, in which a colon of the word would need a backslash; there is none in a word.
  private static func list(_ entries: [CompletionEntry]) -> String {
    entries.map { entry in
      "            " + CompletionScript.quoted(entry.help.isEmpty ? entry.word : "\(entry.word):\(entry.help)")
    }.joined(separator: "\n")
  }
}
