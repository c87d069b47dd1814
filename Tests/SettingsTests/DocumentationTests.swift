import Glibc
import Settings
import Testing

@Suite("The documentation of the configuration")
struct DocumentationTests {
  private static let page = "\(TestFiles.directory)/../../docs/configuration.md"
  private static let begin = "<!-- keys: written by RECORD_GOLDEN=1 from the schema -->\n"
  private static let end = "<!-- end of keys -->"

  @Test("its table of keys is that of the schema")
  func keys() throws {
    let text = String(decoding: try TestFiles.read(Self.page), as: UTF8.self)
    let begin = try #require(text.firstRange(of: Self.begin))
    let end = try #require(text.firstRange(of: Self.end))
    let rows = SettingsSchema.entries.map { entry in
      let other = entry.environment.map { " Also `\($0)`." } ?? ""
      let unused = entry.used ? "" : " *Not used yet.*"
      let takes = entry.type.summary.replacing("*", with: "\\*")
      let text = entry.pattern == "exchanges[].name" ? "<exchange>-<market_type>" : entry.defaultText
      return "| `\(entry.pattern)` | \(takes) | \(text.map { "`\($0)`" } ?? "required") | \(entry.reload.rawValue) | "
        + "\(entry.help.replacing("<", with: "\\<"))\(other)\(unused) |\n"
    }
    let table = "\n| key | takes | default | reload | |\n|---|---|---|---|---|\n\(rows.joined())\n"
    if getenv("RECORD_GOLDEN") != nil {
      try TestFiles.write(text[..<begin.upperBound] + table + text[end.lowerBound...], to: Self.page)
    } else {
      #expect(text[begin.upperBound..<end.lowerBound] == table)
    }
  }
}
