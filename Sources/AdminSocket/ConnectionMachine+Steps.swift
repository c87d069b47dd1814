import AdminProtocol

extension ParsedInput {
  /// The form in which the sender awaits the answer.
  var json: Bool {
    switch self {
    case .request(let request): request.json
    case .failure(_, let json): json
    }
  }
}

extension ConnectionMachine {
  /// Takes up requests as long as none runs and all output is sent.
  mutating func advance() -> [Action] {
    var actions: [Action] = []
    while phase == .serving, running == nil, unsent == 0, let input = queue.popFirst() {
      switch input {
      case .request(let request): actions += take(request)
      case .failure(let error, let json): actions += [.count(.refusedRequest)] + answer(.failure(error), json: json)
      }
    }
    if phase == .serving, running == nil, unsent == 0, inputEnded { return actions + close() }
    if phase == .serving || phase == .finishing {
      actions.append(running == nil ? .arm(.idle, phase == .finishing ? limits.linger : idleLimit) : .disarm(.idle))
    }
    return actions
  }

  private mutating func take(_ request: Request) -> [Action] {
    let call: CommandCall
    switch CommandTable.resolve(request) {
    case .success(let resolved): call = resolved
    case .failure(let error): return [.count(.refusedRequest)] + answer(.failure(error), json: request.json)
    }
    let specification = call.specification
    guard hasRole, caller.role >= specification.role else {
      let needed = "\"\(specification.name)\" takes the role \(specification.role.name)"
      let lacking = ProtocolError(.forbidden, "\(needed), uid \(caller.uid) has \(caller.role.name)")
      let reply = withGeneration(.failure(hasRole ? lacking : .noRole(uid: caller.uid)))
      return [.count(.refusedRequest)] + audit(request, specification, reply) + answer(reply, json: call.json)
    }
    if let reply = BuiltInCommands.reply(to: call, version: surroundings.version) {
      if call.id == .prompt { interactive = true }
      return [.count(.request)] + (reply.closes ? end(with: reply, json: call.json) : answer(reply, json: call.json))
    }
    commands += 1
    let limit = limits.time(for: call)
    running = Running(number: commands, request: request, call: call, limit: limit)
    return [
      .count(.request), .arm(.command, limit), .arm(.progress, limits.progress), .run(number: commands, call),
    ]
  }

  /// Writes a reply, and a prompt when the connection is interactive.
  mutating func answer(_ reply: Reply, json: Bool) -> [Action] {
    if reply.closes { return end(with: reply, json: json) }
    return write(text(of: reply, json: json) + (interactive ? "marketprism[\(surroundings.promptState())]> " : ""))
  }

  /// Writes the last reply of the connection.
  mutating func end(with reply: Reply, json: Bool = false) -> [Action] {
    queue = []
    let actions = write(text(of: reply, json: json))
    if phase == .serving { phase = .finishing }
    return actions
  }

  private func text(of reply: Reply, json: Bool) -> String {
    let reply = withGeneration(reply)
    let text = json ? ReplyWriter.json(reply) : ReplyWriter.text(reply)
    let size = text.utf8.count
    guard size > limits.unsentBytes else { return text }
    let message = "the reply would have \(size) bytes, over the limit of \(limits.unsentBytes); ask for less"
    let refusal = withGeneration(.failure(ProtocolError(.tooLarge, message)))
    return json ? ReplyWriter.json(refusal) : ReplyWriter.text(refusal)
  }

  mutating func write(_ text: String) -> [Action] {
    guard phase == .serving else { return [] }
    unsent += text.utf8.count
    guard unsent <= limits.unsentBytes else { return [.count(.droppedReader)] + close() }
    return [.write(text)]
  }

  mutating func idled() -> [Action] {
    guard phase == .serving, running == nil else { return phase == .finishing ? close() : [] }
    // With output unread the caller would not read this reply either.
    if unsent > 0 { return [.count(.droppedReader)] + close() }
    let message = sawInput ? "nothing was sent for \(idleLimit)" : "nothing was sent within \(limits.firstByte)"
    return [.count(.idleTimeout)] + end(with: .failure(ProtocolError(.idleTimeout, message)))
      + [.arm(.idle, limits.linger)]
  }

  /// All is sent and nothing more will be.
  mutating func finish() -> [Action] {
    if inputEnded { return close() }
    phase = .lingering
    return [.disarm(.idle), .endOutput, .arm(.linger, limits.linger)]
  }

  mutating func close() -> [Action] {
    phase = .closed
    queue = []
    return [.close]
  }

  func withGeneration(_ reply: Reply) -> Reply {
    var reply = reply
    reply.generation = reply.generation ?? surroundings.generation()
    return reply
  }

  func audit(_ request: Request, _ specification: CommandSpecification, _ reply: Reply) -> [Action] {
    guard specification.changes else { return [] }
    let command = LineText.clipped(request.arguments.map(Quoting.value).joined(separator: " "), to: 512)
    let generation = reply.generation ?? surroundings.generation()
    return [.audit(AuditRecord(caller: caller, command: command, result: reply.result, generation: generation))]
  }

  private var idleLimit: Duration {
    interactive ? limits.interactiveIdle : sawInput ? limits.idle : limits.firstByte
  }
}
