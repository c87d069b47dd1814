import Foundation
import Testing

/// A conversation in a file: `> request` lines, each group followed by the `< reply` lines it gets.
///
/// `<~ REGEX` stands for a reply line that varies. A first line `# single` says that the requests also mean the same on
/// one line.
struct Transcript {
  struct Exchange {
    var requests: [String] = []
    var replies: [Line] = []

    var trailers: Int { replies.count { $0.isTrailer } }
  }

  struct Line {
    var text: String
    var isPattern: Bool

    var isTrailer: Bool { ["OK", "ERR", "{\"v\":1", "\\{\"v\":1"].contains { text.hasPrefix($0) } }

    func matches(_ line: String) -> Bool {
      guard isPattern else { return text == line }
      return (try? Regex(text).wholeMatch(in: line)) != nil
    }
  }

  var exchanges: [Exchange] = []
  var isSingle = false

  var requests: [String] { exchanges.flatMap(\.requests) }
  var replies: [Line] { exchanges.flatMap(\.replies) }

  static var folder: String { (#filePath as NSString).deletingLastPathComponent + "/transcripts" }
  static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []

  init(_ name: String) throws {
    let text = try String(contentsOfFile: Self.folder + "/" + name, encoding: .utf8)
    var afterReply = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix(">") {
        if afterReply { exchanges.append(Exchange()) }
        exchanges[exchanges.count - 1].requests.append(String(line.dropFirst(2)))
        afterReply = false
      } else if line.hasPrefix("<") {
        try #require(!exchanges.isEmpty, "\(name) begins with a reply")
        let isPattern = line.hasPrefix("<~")
        let reply = Line(text: String(line.dropFirst(isPattern ? 3 : 2)), isPattern: isPattern)
        exchanges[exchanges.count - 1].replies.append(reply)
        afterReply = true
      } else if line == "# single" {
        isSingle = true
      } else {
        try #require(line.isEmpty || line.hasPrefix("#"), "\(name): \(line)")
      }
    }
    try #require(!requests.isEmpty)
  }

  /// What is wrong with the output, nil when it is the replies that are expected.
  static func difference(_ output: String, from expected: [Line]) -> String? {
    let lines = withoutProgress(output).split(separator: "\n").map(String.init)
    for (index, pair) in zip(lines, expected).enumerated() where !pair.1.matches(pair.0) {
      return "line \(index + 1) is \(pair.0), not \(pair.1.text)"
    }
    return lines.count == expected.count ? nil : "\(lines.count) lines, not \(expected.count): \(output)"
  }
}
