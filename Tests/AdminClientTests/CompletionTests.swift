import AdminClient
import AdminProtocol
import Glibc
import Testing

@Suite("Completion")
struct CompletionTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/packaging/completions/"

  @Test("the packaged scripts are what the tool writes; «make completions» brings them up to date")
  func upToDate() throws {
    for script in CompletionScript.allCases {
      let descriptor = open(Self.folder + script.fileName, O_RDONLY)
      try #require(descriptor >= 0, "\(script.fileName) is missing")
      defer { close(descriptor) }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while case let count = read(descriptor, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
      #expect(String(decoding: bytes, as: UTF8.self) == script.text, "\(script.fileName) is out of date")
      #expect(try ToolRun(["--completion", script.rawValue]).output == script.text)
    }
    #expect(try ToolRun(["--completion", "csh"]).status == 2)
  }

  @Test("every command can be reached word by word, and its keywords and choices are offered there")
  func reachable() throws {
    for row in CommandTable.all {
      for count in row.words.indices {
        let before = Array(row.words.prefix(count))
        let state = try #require(CompletionState.following(before))
        #expect(state.words.contains { $0.word == row.words[count] }, "\(row.name)")
      }
      let state = try #require(CompletionState.following(row.words))
      for parameter in row.parameters {
        if case .choice(let words) = parameter.type {
          for word in words { #expect(state.words.contains { $0.word == word }) }
        }
        guard parameter.kind == .flag || parameter.kind == .option else { continue }
        let word = try #require(state.words.first { $0.word == parameter.name })
        #expect((word.value == nil) == (parameter.kind == .flag))
        #expect(state.options.contains { $0.word == "--\(parameter.name)" })
      }
    }
  }
}
