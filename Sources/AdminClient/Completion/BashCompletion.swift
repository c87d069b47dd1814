/// Completion for bash, with or without the package bash-completion.
enum BashCompletion {
  static var text: String {
    """
    # \(CompletionScript.origin)
    # shellcheck shell=bash

    _marketprismctl() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
        local before='' path='' word words='' options='' index
        # bash parts --option=value into three words.
        if [[ $current == = ]]; then
            current=
        elif [[ $previous == = ]] && ((COMP_CWORD > 1)); then
            previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        COMPREPLY=()
        case $previous in
        \(CompletionScript.pathOptions.joined(separator: " | ")))
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return
            ;;
        \(ToolOption.completion.name))
            mapfile -t COMPREPLY < <(compgen -W '\(shells)' -- "$current")
            return
            ;;
        \(CompletionScript.valueWords.joined(separator: " | ")))
            return
            ;;
        esac
        for ((index = 1; index < COMP_CWORD; index++)); do
            word=${COMP_WORDS[index]}
            case $before in
            \((CompletionScript.pathOptions + [ToolOption.completion.name, ToolOption.timeout.name]).joined(separator: " | ")))
                [[ $word == = ]] || before=
                continue
                ;;
            esac
            before=$word
            case $word in -* | json) continue ;; esac
            case "$path${path:+ }$word" in
            \(paths))
                path+=${path:+ }$word
                ;;
            esac
        done
        case $path in
    \(states)
        esac
        if [[ $current == -* ]]; then
            words="\(CompletionScript.commonOptions.map(\.name).joined(separator: " ")) $options"
        fi
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    }

    complete -F _marketprismctl marketprismctl

    """
  }

  private static var shells: String { CompletionScript.allCases.map(\.rawValue).joined(separator: " ") }

  private static var paths: String {
    CompletionState.all.dropFirst().map { CompletionScript.quoted($0.name) }.joined(separator: " | ")
  }

  private static var states: String {
    CompletionState.all.map { state in
      var lines = ["    \(CompletionScript.quoted(state.name)))"]
      if !state.words.isEmpty { lines.append("        words='\(state.words.map(\.word).joined(separator: " "))'") }
      if !state.options.isEmpty {
        lines.append("        options='\(state.options.map(\.word).joined(separator: " "))'")
      }
      return (lines + ["        ;;"]).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
