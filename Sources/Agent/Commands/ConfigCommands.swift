import AdminProtocol
import Settings

/// `config show`, `config source` and `config schema`: the settings in force.
extension CollectorAgent {
  func configShow(_ key: String?) -> Reply {
    guard let text = SettingsDump.text(settings, at: key) else { return .failure(Self.unknownKey(key ?? "")) }
    return Reply(
      body: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
      data: ["key": key.map(JSONValue.string) ?? .null, "yaml": .string(text)])
  }

  func configSource(_ call: CommandCall) -> Reply {
    let key = call.text("KEY") ?? ""
    guard SettingsDump.text(settings, at: key) != nil else { return .failure(Self.unknownKey(key)) }
    // Without a file, as in a demonstration, every value is the program's own.
    let source: SettingSource = loaded?.source(of: key) ?? .builtIn
    let override = activeOverrides.first { $0.key.text == key }
    var body = [source.description]
    if let override { body = ["override: \(override.text)", "beneath it: \(source.description)"] }
    return Reply(
      body: body,
      fields: [ReplyField("source", override == nil ? source.kind : "override")],
      data: [
        "key": .string(key), "source": .string(override == nil ? source.kind : "override"),
        "place": .string(source.description), "override": override.map { .string($0.text) } ?? .null,
      ])
  }

  func configSchema() -> Reply {
    let lines = SettingsJSONSchema.text.split(separator: "\n").map(String.init)
    return Reply(body: lines, data: ["schema": .string(SettingsJSONSchema.text)])
  }

  private static func unknownKey(_ key: String) -> ProtocolError {
    let hint = SettingsKeys.nearest(to: key).map { "did you mean \"\($0)\"?" } ?? "\"config show\" lists them all"
    return ProtocolError(.unknownKey, "there is no setting \"\(key)\"; \(hint)")
  }
}

extension SettingSource {
  /// `file`, `environment` or `built-in`.
  fileprivate var kind: String {
    switch self {
    case .file: "file"
    case .environment: "environment"
    case .builtIn: "built-in"
    }
  }
}
