import AdminProtocol

/// One admin connection without its I/O: requests in order, one at a time, and every limit.
///
/// A request is taken up only once the reply before it is sent, so that a caller who reads slowly only slows itself;
/// 1 MiB of unsent output can then only come from one reply and the progress before it.
package struct ConnectionMachine: Sendable {
  private(set) var caller: Caller
  private(set) var limits: AdminSocketLimits
  let surroundings: Surroundings
  let refusal: ProtocolError?
  private(set) var hasRole = true
  var parser: RequestParser
  var queue: ArraySlice<ParsedInput> = []
  var phase = Phase.serving
  var running: Running?
  var commands = 0
  var unsent = 0
  var inputEnded = false
  var interactive = false
  var sawInput = false

  /// - Parameter refusal: Says why the connection is not served; it is told so and closed.
  package init(
    caller: Caller, limits: AdminSocketLimits, surroundings: Surroundings, refusal: ProtocolError? = nil
  ) {
    self.caller = caller
    self.limits = limits
    self.surroundings = surroundings
    self.refusal = refusal
    parser = RequestParser(limits: limits.input)
  }

  /// From its next request on the caller has this role, and what is waited for from now on these limits; those of input
  /// stay.
  ///
  /// - Parameter role: nil when it has none any more: whatever it asks from now on is refused.
  package mutating func changed(role: Role?, limits: AdminSocketLimits) {
    hasRole = role != nil
    caller.role = role ?? .viewer
    self.limits = limits
  }

  /// Whether input is taken at this time: requests already received come first.
  package var wantsInput: Bool { phase != .serving || queue.isEmpty }

  package mutating func opened() -> [Action] {
    guard let refusal else { return [.arm(.idle, limits.firstByte)] }
    return end(with: .failure(refusal)) + [.arm(.idle, limits.linger)]
  }

  package mutating func received(_ bytes: some Sequence<UInt8>) -> [Action] {
    guard phase == .serving else { return [] }
    sawInput = true
    queue += parser.feed(bytes)
    return advance()
  }

  /// The caller will send no more; what it sent is answered.
  package mutating func ended() -> [Action] {
    inputEnded = true
    switch phase {
    case .serving:
      queue += parser.endOfInput()
      return advance()
    case .finishing: return []
    case .lingering: return close()
    case .closed: return []
    }
  }

  /// So many bytes have been sent.
  package mutating func sent(_ count: Int) -> [Action] {
    unsent -= min(count, unsent)
    switch phase {
    case .serving: return advance()
    case .finishing: return unsent == 0 ? finish() : []
    case .lingering, .closed: return []
    }
  }

  package mutating func progressed(_ number: Int, _ text: String) -> [Action] {
    guard phase == .serving, let running, running.number == number else { return [] }
    return write(ReplyWriter.progress(text, json: running.call.json)) + [.arm(.progress, limits.progress)]
  }

  /// A line of the body, ahead of the reply.
  package mutating func lined(_ number: Int, _ text: String) -> [Action] {
    guard phase == .serving, let running, running.number == number else { return [] }
    guard running.call.json else { return write(ReplyWriter.line(text)) + [.arm(.progress, limits.progress)] }
    // Beyond the bound the reply is refused as too large anyway: no need to keep more.
    if running.lineBytes <= limits.unsentBytes {
      self.running?.lines.append(text)
      self.running?.lineBytes += text.utf8.count + 1
    }
    return []
  }

  package mutating func completed(_ number: Int, _ reply: Reply) -> [Action] {
    guard let running, running.number == number else { return [.count(.lateReply)] }
    self.running = nil
    var reply = withGeneration(reply)
    reply.body = running.lines + reply.body
    let audit = audit(running.request, running.call.specification, reply)
    guard phase == .serving else { return [.disarm(.command)] + audit }
    return [.disarm(.command), .disarm(.progress)] + audit + answer(reply, json: running.call.json) + advance()
  }

  package mutating func fired(_ timer: Timer) -> [Action] {
    switch timer {
    case .idle: return idled()
    case .linger: return close()
    case .progress:
      guard phase == .serving, let running else { return [] }
      // A caller that has not read the last sign of life needs no other.
      let sign = unsent == 0 ? write(ReplyWriter.progress("working", json: running.call.json)) : []
      return sign + [.arm(.progress, limits.progress)]
    case .command:
      guard let running else { return [] }
      let message = "\"\(running.call.specification.name)\" took more than \(running.limit); its outcome is not known"
      return [.count(.commandTimeout), .cancel(number: running.number)]
        + completed(running.number, .failure(ProtocolError(.timeout, message)))
    }
  }

  /// The collector stops: what was asked and not answered is refused, then the connection ends.
  package mutating func shutDown() -> [Action] {
    guard phase == .serving else { return [] }
    let refusal = Reply.failure(ProtocolError(.shuttingDown, "the collector is stopping"))
    var actions: [Action] = []
    if let running {
      self.running = nil
      actions = [.disarm(.command), .disarm(.progress), .cancel(number: running.number)]
      actions += audit(running.request, running.call.specification, withGeneration(refusal))
      actions += answer(refusal, json: running.call.json)
    }
    while phase == .serving, let input = queue.popFirst() {
      if case .request(let request) = input, case .success(let call) = CommandTable.resolve(request) {
        actions += audit(request, call.specification, withGeneration(refusal))
      }
      actions += answer(refusal, json: input.json)
    }
    guard phase == .serving else { return actions }
    phase = .finishing
    return actions + (unsent == 0 ? finish() : [.arm(.idle, limits.linger)])
  }

  /// The connection is gone. A command that changes something goes on within its time, so that its outcome is written
  /// to the audit log; what nobody awaits any more is cancelled.
  package mutating func disconnected() -> [Action] {
    phase = .closed
    queue = []
    let quiet: [Action] = [.disarm(.idle), .disarm(.progress), .disarm(.linger)]
    guard let running else { return quiet }
    if running.call.specification.changes { return quiet }
    self.running = nil
    return quiet + [.disarm(.command), .cancel(number: running.number)]
  }
}
