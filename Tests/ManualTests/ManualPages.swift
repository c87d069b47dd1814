import Glibc
import Testing

/// The manual pages in packaging/man: prose by hand, and sections that the program's own tables fill.
enum ManualPages {
  /// The root of the package.
  static let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

  static let names = [
    "marketprism-admin.7", "marketprism-collector.8", "marketprism-collector.yaml.5", "marketprismctl.1",
  ]

  static func path(of name: String) -> String { "\(package)/packaging/man/\(name).scd" }

  static func text(of name: String) throws -> String {
    let file = try #require(fopen(path(of: name), "r"), "cannot open \(path(of: name))")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to name: String) throws {
    let file = try #require(fopen(path(of: name), "w"), "cannot open \(path(of: name))")
    fputs(text, file)
    fclose(file)
  }

  /// The page with every section between `; generated: NAME` and `; end` filled anew.
  static func filled(_ page: String, with sections: [String: String]) throws -> String {
    var lines: [Substring] = []
    var isInSection = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "; end" {
        try #require(isInSection, "an end without a beginning")
        isInSection = false
      }
      if !isInSection { lines.append(line) }
      if line.hasPrefix("; generated: ") {
        let name = String(line.dropFirst("; generated: ".count))
        let section = try #require(sections[name], "there is no section \(name)")
        lines += section.split(separator: "\n", omittingEmptySubsequences: false)
        isInSection = true
      }
    }
    try #require(!isInSection, "a section does not end")
    return lines.joined(separator: "\n")
  }
}

/// Texts in the notation of scdoc(5).
enum Scdoc {
  /// The text as it is to be read, whatever letters it holds.
  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, letter in
      if "\\*_[]`".contains(letter) { result += "\\" }
      result.append(letter)
    }
  }

  /// A term and, indented below it, what is to be said about it.
  static func entry(_ term: String, _ explanation: String) -> String { "\(term)\n\t\(explanation)\n" }
}
