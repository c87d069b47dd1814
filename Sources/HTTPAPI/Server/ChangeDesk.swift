import AdminProtocol
import Agent
import Logging

/// What stands before a request that changes something: the token, and a line in the audit log whatever comes of it.
struct ChangeDesk: Sendable {
  /// A command whose arguments have been checked.
  struct Command: Sendable {
    let call: CommandCall
    /// The command on one line.
    let text: String

    /// - Throws: 400 bad-argument, as the admin socket says it.
    init(_ words: [String]) throws(ProtocolError) {
      call = try CommandTable.resolve(Request(arguments: words)).get()
      text = words.map(Quoting.value).joined(separator: " ")
    }
  }

  let service: any CollectorService
  let logger: Logger

  /// Whether the request may change anything.
  ///
  /// - Throws: 403 forbidden that says what is missing.
  func authorize(_ authorization: String?, tokenFile: String?) async throws(ProtocolError) {
    guard let tokenFile else {
      throw ProtocolError(
        .forbidden, "changing requests are off: set http.token_file in the configuration to a file with a token")
    }
    guard let presented = authorization.flatMap(Self.token) else {
      throw ProtocolError(
        .forbidden, "the request must carry \"Authorization: Bearer\" and the token of http.token_file")
    }
    let token: BearerToken
    do throws(TokenFileError) {
      token = try await BearerToken.read(tokenFile)
    } catch {
      logger.error("http.token_file cannot be used: changing requests are refused", metadata: ["reason": "\(error)"])
      throw ProtocolError(.forbidden, "http.token_file cannot be used; the collector's log says why")
    }
    guard token.matches(presented) else { throw ProtocolError(.forbidden, "the token is not that of http.token_file") }
  }

  /// Carries a command out. What it came to is audited although its caller may have stopped waiting.
  func run(_ command: Command, for caller: Caller) async -> Answer {
    let reply = await service.run(command.call, for: caller, output: .none)
    audit(command.text, caller, reply.result, reply.generation ?? service.generation)
    return ReplyAnswer.answer(reply, generation: service.generation)
  }

  /// One line of the audit log, whatever the log level is set to: the fields of the admin socket's, and the address.
  func audit(_ command: String, _ caller: Caller, _ result: String, _ generation: Int) {
    var audit = logger
    audit.logLevel = .info
    let address = if case .http(let address) = caller.origin { address } else { caller.identity }
    audit.notice(
      "admin command",
      metadata: [
        "address": "\(address)", "pid": "\(caller.pid)", "uid": "\(caller.uid)", "command": "\(command)",
        "result": "\(result)", "generation": "\(generation)",
      ])
  }

  /// What follows `Bearer`, whose case does not matter.
  private static func token(_ header: String) -> [UInt8]? {
    let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return Array(parts[1].utf8.drop { $0 == 0x20 })
  }
}
