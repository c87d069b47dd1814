import AdminProtocol
import Foundation
import Testing

@Suite("The page docs/admin-protocol.md")
struct DocumentationTests {
  private static func rows(_ header: String) throws -> [[String]] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let page = try String(contentsOf: root.appendingPathComponent("docs/admin-protocol.md"), encoding: .utf8)
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix(header) }, "no table \(header)")
    return lines[start...].dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
      // A bar inside a cell is written \|.
      line.replacing("\\|", with: "\u{1}").split(separator: "|").map {
        $0.replacing("\u{1}", with: "|").trimmingCharacters(in: .whitespaces)
      }
    }
  }

  @Test("its table of commands is the command table")
  func commands() throws {
    let rows = try Self.rows("| command | role |")
    #expect(
      rows.map { $0.prefix(2).joined(separator: " ") } == CommandTable.all.map { "`\($0.usage)` \($0.role.name)" })
    #expect(rows.allSatisfy { $0.count == 3 && !$0[2].isEmpty })
  }

  @Test("its table of errors is the catalogue")
  func errors() throws {
    let rows = try Self.rows("| code | name |")
    #expect(rows.map { $0.prefix(2).joined(separator: " ") } == ErrorCatalogue.all.map { "\($0.code) `\($0.slug)`" })
  }
}
