extension CommandTable {
  /// Finds the request's command and reads its arguments.
  ///
  /// Errors: `unknown-command` with what may have been meant, `bad-argument` with the usage.
  public static func resolve(_ request: Request) -> Result<CommandCall, ProtocolError> {
    let matching = all.filter { request.arguments.starts(with: $0.words) }
    guard let specification = matching.max(by: { $0.words.count < $1.words.count }) else {
      return .failure(unknownCommand(request.arguments))
    }
    guard request.payload == nil || specification.takesPayload else {
      return .failure(ProtocolError(.badArgument, "\"\(specification.name)\" takes no payload"))
    }
    let words = request.arguments.dropFirst(specification.words.count)
    do {
      let arguments = try ArgumentBinding(specification.parameters).bind(Array(words))
      return .success(
        CommandCall(
          specification: specification, arguments: arguments, json: request.json, payload: request.payload))
    } catch {
      let message = "\(error.problem); usage: \(specification.usage)"
      return .failure(ProtocolError(.badArgument, message))
    }
  }

  /// The error for words that name no command; says what may have been meant.
  public static func unknownCommand(_ words: [String]) -> ProtocolError {
    let sent = LineText.clipped(words.prefix(2).joined(separator: " "))
    if words.count == 1 {
      let longer = all.filter { $0.words.first == words.first }.map { "\"\($0.name)\"" }
      if !longer.isEmpty {
        let message = "\"\(sent)\" is not the whole command; there is \(longer.joined(separator: ", "))"
        return ProtocolError(.unknownCommand, message)
      }
    }
    let names = all.map(\.name)
    let guess =
      Suggestion.nearest(to: sent, among: names)
      ?? words.first.flatMap { first in
        Suggestion.nearest(to: first, among: names) ?? nearestGroup(to: first, names: names)
      }
    let hint = guess.map { "did you mean \"\($0)\"?" } ?? "\"help\" lists the commands"
    return ProtocolError(.unknownCommand, "there is no command \"\(sent)\"; \(hint)")
  }

  private static func nearestGroup(to word: String, names: [String]) -> String? {
    let groups = all.filter { $0.words.count > 1 }.compactMap(\.words.first)
    guard let group = Suggestion.nearest(to: word, among: groups) else { return nil }
    return names.first { $0.hasPrefix(group + " ") }
  }
}
