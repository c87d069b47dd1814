import AdminProtocol

/// The commands of the admin socket that need the agent.
extension CollectorAgent: CommandHandler {
  /// The overall state, for the interactive prompt.
  public nonisolated var promptState: String { published.withLock { $0.health.rawValue } }
  /// The generation of the settings in force.
  public nonisolated var generation: Int { published.withLock { $0.generation } }

  /// Runs one command.
  public nonisolated func run(_ call: CommandCall, for caller: Caller, output: CommandOutput) async -> Reply {
    await execute(call, for: caller, output)
  }

  private func execute(_ call: CommandCall, for caller: Caller, _ output: CommandOutput) async -> Reply {
    switch call.id {
    case .help, .version, .quit, .prompt:
      // Answered by the protocol layer itself; asked here only when a caller goes around it.
      return BuiltInCommands.reply(to: call, version: start.version)
        ?? .failure(ProtocolError(.internalError, "this command is not answered here"))
    case .health: return await healthReply(call.text("kind"))
    case .status: return StatusText.reply(await status(), await health())
    case .stats: return await statsReply(call.text("format"))
    case .watch: return await watchReply(call, output)
    case .wait: return await waitReply(call, output)
    case .natsStatus: return natsReply()
    case .natsOptional: return setPolicy(.optional, call, caller)
    case .natsRequired: return setPolicy(.required, call, caller)
    case .natsReset: return await resetPolicy()
    case .natsReconnect: return await reconnectNATS(output)
    case .exchangeList: return await exchangeList()
    case .exchangeShow: return await exchangeShow(call)
    case .exchangePause: return await exchangePause(call, caller)
    case .exchangeResume: return await exchangeResume(call)
    case .exchangeReconnect: return await exchangeReconnect(call)
    case .bookList: return await bookList()
    case .bookShow: return await bookShow(call)
    case .bookVerify: return await bookVerify(call, output)
    case .bookResync: return await bookResync(call, output)
    case .overrides: return overridesReply()
    case .overridesClear: return await clearOverrides(call.text("KEY"))
    case .logLevel: return setLogLevel(call, caller)
    case .drain: return await drain(caller, output)
    case .undrain: return await undrain()
    case .shutdown: return requestShutdown(caller)
    case .reload: return await reload(ReloadRequest(call), caller: caller, output: output)
    case .rollback: return await reload(ReloadRequest(kind: .rollback), caller: caller, output: output)
    case .confirm: return await confirm(caller: caller, output: output)
    case .history: return reloadHistory()
    case .configCheck: return await configCheck(call, output)
    case .configDiff: return await configDiff(call, output)
    case .configShow: return configShow(call.text("KEY"))
    case .configSource: return configSource(call)
    case .configSchema: return configSchema()
    }
  }

  private func healthReply(_ kind: String?) async -> Reply {
    let report = await health()
    switch kind {
    case "live": return Reply(body: ["live: yes"], fields: [ReplyField("live", "yes")])
    case "ready":
      if report.ready { return Reply(body: ["ready: yes"], fields: [ReplyField("ready", "yes")]) }
      let failing = report.checks.filter { $0.status == .fail }.map { "\($0.name): \($0.observedValue)" }
      return Reply(
        body: ["ready: no"],
        error: ProtocolError(
          .notReady, failing.isEmpty ? report.state.rawValue : failing.joined(separator: "; ")))
    default: return StatusText.reply(report)
    }
  }
}
