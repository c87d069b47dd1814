import AdminProtocol
import Agent

/// `/api/v1/config`: the settings in force, secrets hidden.
enum ConfigAnswer {
  /// `{"generation":7,"key":null,"text":"…"}`; the text is that of `config show`, in YAML.
  static func show(_ call: RouteCall, _ context: APIContext) async throws(ProtocolError) -> Answer {
    let key = call.query["key"]
    let words = ["config", "show"] + (key.map { [$0] } ?? [])
    // Looking takes no more than anybody may.
    let reply = await context.service.run(
      try CommandTable.resolve(Request(arguments: words)).get(), for: HTTPCaller.make(.viewer, context.address),
      output: .none)
    if let error = reply.error { throw error }
    let lines = reply.body.joined(separator: "\n")
    return Answer([
      "generation": JSONValue(reply.generation ?? context.service.generation), "key": JSONValue(key),
      "text": .string(lines.hasSuffix("\n") || lines.isEmpty ? lines : lines + "\n"),
    ])
  }
}
