import AdminClient
import AdminProtocol
import Settings

@testable import marketprism_collector

/// The sections that the tables fill.
enum ManualSections {
  static let all: [String: String] = [
    "commands": commands, "errors": errors, "limits": keys { $0.hasPrefix("admin.") && !$0.contains("roles") },
    "keys": keys { _ in true }, "environment": environment, "exit": exitStatuses,
    "tool-options": toolOptions, "tool-commands": toolCommands, "tool-exit": toolExitStatuses,
  ]

  private static let toolOptions = joined(
    ToolOption.all.map { option in
      let value = option.value.map { " _\(Scdoc.escaped($0))_" } ?? ""
      return Scdoc.entry("*\(Scdoc.escaped(option.name))*\(value)", Scdoc.escaped(sentence(option.help)))
    })

  /// The arguments stand in marketprism-admin(7); here the ones that may be written as options.
  private static let toolCommands = joined(
    CommandTable.all.filter { ![CommandID.prompt, .quit].contains($0.id) }.map { command in
      let options = command.parameters.compactMap { parameter -> String? in
        switch parameter.kind {
        case .flag: "\\[*--\(Scdoc.escaped(parameter.name))*\\]"
        case .option: "\\[*--\(Scdoc.escaped(parameter.name))* \(Scdoc.escaped(parameter.display))\\]"
        case .positional, .rest: Scdoc.escaped(parameter.usage)
        }
      }
      let usage = (["*\(Scdoc.escaped(command.name))*"] + options).joined(separator: " ")
      return Scdoc.entry(usage, Scdoc.escaped(sentence(command.help)))
    })

  private static let toolExitStatuses = joined(
    ExitStatus.all.map { Scdoc.entry("*\($0.code)*", Scdoc.escaped(sentence($0.meaning))) })

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
