import AdminProtocol
import Settings

/// Replies of the commands that only tell: `history`, `config check`, `config diff`.
extension ReloadReplies {
  /// A line a run, the oldest first: `2 2026-11-22T21:38:13Z applied by uid 1000: nats.grace`.
  static func history(_ machine: ReloadMachine) -> Reply {
    let records = machine.history.records
    return Reply(
      body: records.map {
        "\($0.generation) \($0.time.rfc3339) \($0.outcome.rawValue) by \($0.by): \($0.summary)"
      },
      fields: [ReplyField("entries", String(records.count))],
      data: [
        "history": .array(
          records.map {
            [
              "generation": .int(Int64($0.generation)), "time": .string($0.time.rfc3339), "by": .string($0.by),
              "outcome": .string($0.outcome.rawValue), "summary": .string($0.summary),
            ]
          })
      ], generation: machine.current.generation)
  }

  /// Files that have no errors.
  static func valid(_ loaded: LoadedSettings, _ current: ReloadVersion) -> Reply {
    let enabled = loaded.settings.exchanges.filter(\.enabled).count
    return Reply(
      body: loaded.files.map { "read \($0)" },
      fields: [ReplyField("files", String(loaded.files.count)), ReplyField("exchanges", String(enabled))],
      data: [
        "files": .array(loaded.files.map(JSONValue.string)), "exchanges": .int(Int64(enabled)),
      ], generation: current.generation, warnings: loaded.warnings.map(\.description))
  }
}
