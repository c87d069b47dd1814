import AdminProtocol
import ArgumentParser

/// What was found: a rule that an input breaks.
struct FuzzFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(FuzzFailure) {
  if !holds { throw FuzzFailure(rule()) }
}

/// A reader of what others send.
enum FuzzTarget: String, CaseIterable, ExpressibleByArgument {
  /// The grammar of the admin protocol.
  case parser
  /// An admin connection: requests, replies, timers and callers that leave, in any order.
  case connection
  /// A configuration file.
  case settings

  /// Where its first inputs are, seen from the root of the repository.
  var corpusFolders: [String] {
    switch self {
    case .parser, .connection: ["Tests/AdminSocketTests/transcripts"]
    case .settings: ["Tests/SettingsTests/good", "Tests/SettingsTests/bad", "etc/marketprism"]
    }
  }

  /// What mutation puts in now and then.
  var dictionary: [String] {
    switch self {
    case .parser, .connection:
      CommandTable.all.map { $0.example + "\n" } + [
        "json ", ";", "'", "\"", "\\n", "\\", "#", "<<", " <<EOF\n", "\nEOF\n", "\r\n", "\n\n", "\u{0}", "quit\n",
        "prompt\n", "é", "\u{2028}", " 99999999999999999999", " 1h30m",
      ]
    case .settings:
      [
        ": ", "- ", "\n  ", "&a ", "*a", "<<: *a", "{", "}", "[", "]", "|\n", ">\n", "'", "\"", "!!str ", "---\n", "${",
        "}",
        "${env:X:-y}", "${credential:x}", "~", "1e999", "-9223372036854775808", "99999999999999999999", "\t",
        "\u{FEFF}",
        "nats", "exchanges", "symbols", "5s", "1GiB", "\u{0}",
      ]
    }
  }

  func feed(_ input: [UInt8]) throws(FuzzFailure) {
    switch self {
    case .parser: try ParserTarget.feed(input)
    case .connection: try ConnectionTarget.feed(input)
    case .settings: try SettingsTarget.feed(input)
    }
  }
}
