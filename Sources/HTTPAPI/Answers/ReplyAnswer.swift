import AdminProtocol

/// What a command came to, in the shape of this API: the same facts as the admin socket's JSON reply.
enum ReplyAnswer {
  static func answer(_ reply: Reply, generation: Int) -> Answer {
    var members: [(String, JSONValue)] = []
    if let error = reply.error { members.append(("error", Answer.json(of: error))) }
    if let changed = reply.changed { members.append(("changed", .bool(changed))) }
    members.append(("generation", JSONValue(reply.generation ?? generation)))
    if reply.error != nil, !reply.body.isEmpty {
      members.append(("errors", JSONValue(reply.body)))
    } else if case .object(let data)? = ReplyWriter.data(reply) {
      members.append(("data", .object(data.filter { $0.0 != "changed" })))
    }
    if !reply.warnings.isEmpty { members.append(("warnings", JSONValue(reply.warnings))) }
    return Answer(status: reply.error?.slug.code ?? 200, .object(members))
  }
}
