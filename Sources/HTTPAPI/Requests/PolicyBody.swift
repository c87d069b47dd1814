import AdminProtocol

/// The body of `PUT /api/v1/nats/policy`: `{"optional":bool,"force":bool?,"for":"30m"?,"reason":text?}` or
/// `{"reset":true}`.
enum PolicyBody {
  private static let members = ["optional", "force", "for", "reason", "reset"]
  private static let longestReason = 1024

  /// The words of the command that says the same.
  ///
  /// - Throws: 400 bad-argument, with line and column for what is no JSON and the member's name for one that is wrong.
  static func command(_ body: [UInt8]) throws(ProtocolError) -> [String] {
    let values = try object(body)
    if let reset = values["reset"] {
      guard reset == true, values.count == 1 else {
        throw refusal("reset", "\"reset\" must be true and stand alone")
      }
      return ["nats", "reset"]
    }
    guard case .bool(let optional)? = values["optional"] else {
      throw refusal("optional", "\"optional\" must be true or false; or the body {\"reset\":true}")
    }
    var words = ["nats", optional ? "optional" : "required"]
    switch values["force"] {
    case nil, .bool(false)?: break
    case .bool(true)?: words.append("force")
    default: throw refusal("force", "\"force\" must be true or false")
    }
    if let value = values["for"] {
      guard case .string(let text) = value, DurationText.parse(text) != nil else {
        throw refusal("for", "\"for\" must be a text like \"30s\", \"10m\" or \"1h30m\"")
      }
      words += ["for", text]
    }
    if let value = values["reason"] {
      guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= longestReason else {
        throw refusal("reason", "\"reason\" must be a text of 1 to \(longestReason) bytes")
      }
      words += ["reason", text]
    }
    return words
  }

  private static func object(_ body: [UInt8]) throws(ProtocolError) -> [String: JSONValue] {
    let value: JSONValue
    do throws(JSONReader.Failure) {
      value = try JSONReader.parse(body)
    } catch {
      throw ProtocolError(
        .badArgument, "the body is no JSON: line \(error.line), column \(error.column)",
        fields: [ReplyField("line", String(error.line)), ReplyField("column", String(error.column))])
    }
    guard case .object(let pairs) = value else { throw ProtocolError(.badArgument, "the body must be a JSON object") }
    var values: [String: JSONValue] = [:]
    for (name, value) in pairs {
      guard members.contains(name) else {
        let hint =
          Suggestion.nearest(to: name, among: members).map { "did you mean \"\($0)\"?" }
          ?? "there are: \(members.joined(separator: ", "))"
        throw refusal(name, "unknown member \(quoted(name)); \(hint)")
      }
      guard values.updateValue(value, forKey: name) == nil else { throw refusal(name, "\(quoted(name)) stands twice") }
    }
    return values
  }

  private static func refusal(_ name: String, _ message: String) -> ProtocolError {
    ProtocolError(.badArgument, message, fields: [ReplyField("parameter", clipped(name))])
  }
}
