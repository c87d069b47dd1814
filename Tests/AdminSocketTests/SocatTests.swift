import AdminSocket
import Foundation
import Testing

@Suite("Through socat")
struct SocatTests {
  private static let health = "state: degraded\n OK is not the end\nOK state=degraded generation=7\n"

  @Test("a hundred times «echo health | socat» gives a hundred whole replies")
  func hundred() async throws {
    try await withServer { (_, path) async throws in
      for _ in 0..<100 { #expect(withoutProgress(try await socat(path, "health\n")) == Self.health) }
    }
  }

  @Test("a command longer than socat's patience still gets its whole reply, kept awake by progress")
  func slow() async throws {
    try await withServer { (_, path) async throws in
      let text = try await socat(path, "status\n")
      #expect(text.contains("# looking\n") && text.contains("# working\n") && text.hasSuffix("done\nOK generation=7\n"))
      let json = try await socat(path, "json status\n")
      #expect(
        json.hasPrefix("\n\n")
          && json.hasSuffix("{\"v\":1,\"ok\":true,\"code\":200,\"generation\":7,\"data\":{\"lines\":[\"done\"]}}\n"))
    }
  }

  private static var folder: String { (#filePath as NSString).deletingLastPathComponent + "/transcripts" }

  static let transcripts = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []

  @Test("transcripts hold in one piece, byte by byte, line by line and in one line", arguments: transcripts)
  func transcript(name: String) async throws {
    let text = try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func column(_ mark: String) -> [String] {
      lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(2)) }
    }
    let requests = column(">")
    let expected = column("<").map { $0 + "\n" }.joined()
    let whole = Array(requests.map { $0 + "\n" }.joined().utf8)
    var ways = [[whole], whole.map { [$0] }, requests.map { Array(($0 + "\n").utf8) }]
    if lines.first == "# single" { ways.append([Array((requests.joined(separator: "; ") + "\n").utf8)]) }
    #expect(!requests.isEmpty)
    try await withServer { (_, path) async throws in
      for pieces in ways {
        let replies = try await output(of: ["socat", "-", "UNIX-CONNECT:\(path)"], input: pieces)
        #expect(withoutProgress(replies) == expected)
      }
    }
  }

  @Test("the transcripts are there")
  func present() { #expect(Self.transcripts.count >= 4) }
}
