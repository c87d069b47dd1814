import Glibc
import Testing

extension ProgramTests {
  /// The packaged scripts in the shells they are for.
  @Suite("Shell completion")
  struct CompletionTests {
    let scratch: Scratch
    private let folder = Binary.package + "/packaging/completions"

    init() throws { scratch = try Scratch() }

    /// Words typed, the last of them not whole yet, and what is offered for it.
    static let cases: [(typed: [String], offered: Set<String>)] = [
      (["nats", ""], ["status", "optional", "required", "reset", "reconnect"]),
      (["--json", "nats", "req"], ["required"]),
      (["nats", "required", "f"], ["force", "for"]),
      (["nats", "required", "--fo"], ["--force", "--for"]),
      (["nats", "required", "--for", ""], []),
      (["health", "--nag"], ["--nagios"]),
      (["status", "--nag"], []),
      (["--socket", "/nowhere/x", "book", "sh"], ["show"]),
      (["log", "level", "de"], ["debug"]),
      (["overrides", ""], ["clear"]),
      (["to"], ["top"]),
      (["--completion", ""], ["bash", "zsh", "fish"]),
    ]

    @Test("bash offers what may follow", arguments: cases.indices)
    func bash(index: Int) async throws {
      let words = Self.cases[index].typed
      let script = """
        source \(folder)/marketprismctl
        COMP_WORDS=(marketprismctl \(words.map(Shell.quoted).joined(separator: " ")))
        COMP_CWORD=\(words.count)
        _marketprismctl && printf '%s\\n' "${COMPREPLY[@]}"
        """
      try await expect(["bash", "-uc", script], index)
    }

    @Test("zsh offers what may follow", arguments: cases.indices)
    func zsh(index: Int) async throws {
      let words = Self.cases[index].typed
      // Its own matching needs a terminal: here it prints what would be matched.
      let script = """
        compdef() { : }
        compadd() { print -rl -- ${@:#-*} }
        _describe() { print -rl -- ${(P)@[-1]%%:*} }
        source \(folder)/_marketprismctl
        words=(marketprismctl \(words.map(Shell.quoted).joined(separator: " ")))
        CURRENT=\(words.count + 1)
        _marketprismctl | grep -e "^${words[CURRENT]}" || :
        """
      try await expect(["zsh", "-fc", script], index)
    }

    @Test("fish offers what may follow", arguments: cases.indices)
    func fish(index: Int) async throws {
      let line = "marketprismctl " + Self.cases[index].typed.joined(separator: " ")
      let script =
        "source \(folder)/marketprismctl.fish; complete -C \(Shell.quoted(line)) | string replace -r '\\t.*' ''"
      try await expect(["fish", "--no-config", "-c", script], index)
    }

    private func expect(_ words: [String], _ index: Int) async throws {
      let program = try Program(words, in: scratch)
      try await program.ending()
      #expect(program.errors.isEmpty)
      let offered = Set(program.output.split(separator: "\n").map(String.init))
      #expect(offered == Self.cases[index].offered, "after \(Self.cases[index].typed)")
    }
  }
}
