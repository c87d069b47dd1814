import Testing

/// What a pipeline did.
struct Outcome {
  var ending: Program.Ending
  var output: String
  var errors: String
}

/// Runs pipelines of the tools that users have: socat, curl and jq.
enum Shell {
  static func run(_ command: String, in scratch: Scratch, within limit: Duration = .seconds(30)) async throws -> Outcome
  {
    let program = try Program(["/bin/bash", "-o", "pipefail", "-c", command], in: scratch)
    let ending = try await program.ending(within: limit)
    return Outcome(ending: ending, output: program.output, errors: program.errors)
  }

  /// A word as the shell reads it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// What jq makes of JSON in a file, without the line's end; a problem is an issue of the test.
  static func jq(_ filter: String, file: String, _ options: String = "", in scratch: Scratch) async throws -> String {
    let outcome = try await run("jq -cr \(options) \(quoted(filter)) \(quoted(file))", in: scratch)
    #expect(outcome.ending == .exit(0), "jq \(filter): \(outcome.errors)")
    return outcome.output.split(separator: "\n").joined(separator: "\n")
  }
}

/// What curl got.
struct HTTPReply {
  var status: Int
  /// Names in lower case.
  var headers: [String: String] = [:]
  var body: String

  /// Reads what `curl -i` prints.
  init(_ text: String) {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    body = parts.count > 1 ? String(parts[1]) : ""
    let lines = (parts.first ?? "").split(separator: "\r\n")
    status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
  }
}
