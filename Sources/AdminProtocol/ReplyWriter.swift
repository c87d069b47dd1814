/// Writes replies so that each has exactly one trailer, whatever its texts hold.
public enum ReplyWriter {
  /// Version of the protocol, the `v` of a JSON reply.
  public static let version = 1

  /// The reply as lines: body, warnings, trailer.
  public static func text(_ reply: Reply) -> String {
    var text = ""
    for entry in reply.body { text += line(entry) }
    for warning in reply.warnings { text += line("warning: " + LineText.oneLine(warning)) }
    if let error = reply.error {
      text += "ERR \(error.slug.code) \(error.slug.slug)"
      if !error.message.isEmpty { text += ": " + LineText.oneLine(error.message) }
    } else {
      text += "OK"
    }
    for field in trailerFields(reply) {
      text += " " + key(field.key) + "=" + Quoting.value(field.value)
    }
    return text + "\n"
  }

  /// Lines of a body as they are sent; one with a line end in it becomes several.
  public static func line(_ entry: String) -> String {
    var text = ""
    for line in LineText.lines(entry) {
      if LineText.looksLikeFraming(line) { text += " " }
      text += line
      text += "\n"
    }
    return text
  }

  /// The reply as one JSON object on one line.
  public static func json(_ reply: Reply) -> String {
    var members: [(String, JSONValue)] = [
      ("v", .int(Int64(version))), ("ok", .bool(reply.error == nil)),
      ("code", .int(Int64(reply.error?.slug.code ?? 200))),
    ]
    if let error = reply.error {
      members.append(("error", .string(error.slug.slug)))
      members.append(("message", .string(error.message)))
    }
    if let changed = reply.changed { members.append(("changed", .bool(changed))) }
    if let generation = reply.generation { members.append(("generation", .int(Int64(generation)))) }
    if let data = data(reply) { members.append(("data", data)) }
    if !reply.warnings.isEmpty { members.append(("warnings", .array(reply.warnings.map { .string($0) }))) }
    return JSONValue.object(members).text + "\n"
  }

  /// A sign of life while a command runs: a comment line, or an empty one when the reply will be JSON.
  public static func progress(_ text: String, json: Bool = false) -> String {
    json ? "\n" : "# " + LineText.oneLine(text) + "\n"
  }

  private static func trailerFields(_ reply: Reply) -> [ReplyField] {
    var all = (reply.error?.fields ?? []) + reply.fields
    if let changed = reply.changed { all.append(ReplyField("changed", changed ? "true" : "false")) }
    if !reply.warnings.isEmpty { all.append(ReplyField("warnings", String(reply.warnings.count))) }
    if let generation = reply.generation { all.append(ReplyField("generation", String(generation))) }
    return unique(all)
  }

  private static func unique(_ fields: [ReplyField]) -> [ReplyField] {
    var seen: Set<String> = []
    return fields.filter { seen.insert(key($0.key)).inserted }
  }

  /// `data` is an object: what the reply has as data, the trailer's fields it lacks, and the body when there is no data.
  package static func data(_ reply: Reply) -> JSONValue? {
    var members: [(String, JSONValue)] = []
    switch reply.data {
    case .object(let own)?: members = own
    case let other?: members = [("value", other)]
    case nil: break
    }
    let fields = unique((reply.error?.fields ?? []) + reply.fields)
    for field in fields where !members.contains(where: { $0.0 == field.key }) {
      members.append((field.key, .string(field.value)))
    }
    if reply.data == nil && !reply.body.isEmpty {
      // A field of that name counts what follows.
      members.removeAll { $0.0 == "lines" }
      members.append(("lines", .array(reply.body.flatMap(LineText.lines).map { .string($0) })))
    }
    return members.isEmpty ? nil : .object(members)
  }

  private static func key(_ text: String) -> String {
    let safe = text.utf8.map { byte in
      let letter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      let digit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      return letter || digit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        ? byte : UInt8(ascii: "_")
    }
    return safe.isEmpty ? "_" : String(decoding: safe, as: UTF8.self)
  }
}
