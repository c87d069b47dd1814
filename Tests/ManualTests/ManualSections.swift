import AdminProtocol
import Settings

@testable import marketprism_collector

/// The sections that the tables fill.
enum ManualSections {
  static let all: [String: String] = [
    "commands": commands, "errors": errors, "limits": keys { $0.hasPrefix("admin.") && !$0.contains("roles") },
    "keys": keys { _ in true }, "environment": environment, "exit": exitStatuses,
  ]

  private static let exitStatuses = joined(
    Exit.all.map { Scdoc.entry("*\($0.status)*", sentence($0.meaning)) })

  private static let commands = joined(
    CommandTable.all.map { command in
      let arguments = command.arguments.isEmpty ? "" : " " + Scdoc.escaped(command.arguments)
      return Scdoc.entry(
        "*\(Scdoc.escaped(command.name))*\(arguments)",
        "\(Scdoc.escaped(sentence(command.help))) Role: \(command.role.name). Example: _\(Scdoc.escaped(command.example))_"
      )
    })

  private static let errors: String = {
    let codes = ErrorCatalogue.all.reduce(into: [Int]()) { if $0.last != $1.code { $0.append($1.code) } }
    return joined(
      codes.map { code in
        let slugs = ErrorCatalogue.all.filter { $0.code == code }.map { Scdoc.escaped($0.slug) }
        return Scdoc.entry("*\(code)*", slugs.joined(separator: ", "))
      })
  }()

  private static func keys(where isWanted: (String) -> Bool) -> String {
    joined(
      SettingsSchema.entries.filter { isWanted($0.pattern) }.map { entry in
        let value = entry.defaultText.map { "Default: \(Scdoc.escaped($0))." } ?? "Required."
        let use = entry.used ? "" : " Checked, but not used by this version."
        return Scdoc.entry(
          "*\(Scdoc.escaped(entry.pattern))* (\(entry.reload.rawValue))",
          "\(Scdoc.escaped(entry.help)) Takes \(Scdoc.escaped(entry.type.summary)). \(value)\(use)")
      })
  }

  private static let environment = joined(
    SettingsSchema.entries.compactMap { entry in
      entry.environment.map { Scdoc.entry("*\(Scdoc.escaped($0))*", "Sets \(Scdoc.escaped(entry.pattern)).") }
    })

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + (text.hasSuffix(".") ? "" : ".")
  }

  /// Entries with a line between them, and around them.
  private static func joined(_ entries: [String]) -> String { "\n" + entries.joined(separator: "\n") }
}
