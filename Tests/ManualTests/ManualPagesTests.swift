import AdminClient
import AdminProtocol
import Glibc
import Settings
import Testing

@testable import marketprism_collector

@Suite("Manual pages")
struct ManualPagesTests {
  @Test(
    "hold in their generated sections exactly what the tables say (RECORD_GOLDEN=1 writes them)",
    arguments: ManualPages.names)
  func sections(name: String) throws {
    var sections = ManualSections.all
    sections["options"] = try ProgramOptions.section()
    let page = try ManualPages.text(of: name)
    let filled = try ManualPages.filled(page, with: sections)
    if getenv("RECORD_GOLDEN") != nil { try ManualPages.write(filled, to: name) }
    #expect(try ManualPages.text(of: name) == filled)
  }

  @Test("are turned into pages that man shows without a warning", arguments: ManualPages.names)
  func rendered(name: String) throws {
    let page = try render(name)
    #expect(page.warnings == "")
    #expect(page.text.contains("NAME") && page.text.contains("SEE ALSO"))
  }

  @Test("name every command with its arguments, and every error")
  func protocolPage() throws {
    let page = try render("marketprism-admin.7").text
    for command in CommandTable.all { #expect(page.contains(words(command.usage)), "\(command.usage)") }
    for error in ErrorCatalogue.all { #expect(page.contains(" \(error.slug)"), "\(error.slug)") }
  }

  @Test("name every key with its default, and every environment variable")
  func settingsPage() throws {
    let page = try render("marketprism-collector.yaml.5").text
    for entry in SettingsSchema.entries {
      #expect(page.contains(entry.pattern), "\(entry.pattern)")
      if let text = entry.defaultText { #expect(page.contains(words(text)), "\(entry.pattern): \(text)") }
      if let variable = entry.environment { #expect(page.contains(variable), "\(variable)") }
    }
  }

  @Test("name every option and every exit status of the daemon")
  func daemonPage() throws {
    let page = try render("marketprism-collector.8").text
    for option in try ProgramOptions.all() { #expect(page.contains(option.name), "\(option.name)") }
    for (status, meaning) in Exit.all {
      #expect(page.contains("\(status) \(meaning.prefix(1).uppercased())\(meaning.dropFirst())"), "\(status)")
    }
  }

  @Test("name every command, option and exit status of the tool")
  func toolPage() throws {
    let page = try render("marketprismctl.1").text
    for command in CommandTable.all where ![CommandID.prompt, .quit].contains(command.id) {
      #expect(page.contains(" \(command.name) "), "\(command.name)")
      for parameter in command.parameters where parameter.kind == .flag || parameter.kind == .option {
        #expect(page.contains("--\(parameter.name)"), "\(command.name) --\(parameter.name)")
      }
    }
    for option in ToolOption.all { #expect(page.contains(" \(option.name) "), "\(option.name)") }
    for status in ExitStatus.all { #expect(page.contains(" \(status.code) \(status.meaning.prefix(1).uppercased())")) }
  }

  private func words(_ text: String) -> String { text.split(separator: " ").joined(separator: " ") }

  /// The page as man shows it, in one line without hyphenation, and what man has to say against it.
  private func render(_ name: String) throws -> (text: String, warnings: String) {
    var template = Array("/tmp/prism-man-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = system("rm -r '\(folder)'") }
    let command =
      "cd '\(folder)' && scdoc < '\(ManualPages.path(of: name))' > page && "
      + "LC_ALL=C.UTF-8 MANWIDTH=2000 man --warnings --nh --nj -l page > text 2> warnings"
    #expect(system(command) == 0)
    let text = try read("\(folder)/text")
    return (words(text.split(separator: "\n").joined(separator: " ")), try read("\(folder)/warnings"))
  }

  private func read(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"), "cannot open \(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
