import AdminProtocol
import Feeds
import Logging
import MarketData

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
    case .health: return await healthReply(call.text("kind"))
    case .status: return StatusText.reply(await status(), await health())
    case .natsStatus: return natsReply()
    case .natsOptional: return setPolicy(.optional, call, caller)
    case .natsRequired: return setPolicy(.required, call, caller)
    case .natsReset: return resetPolicy()
    case .exchangeList: return await exchangeList()
    case .bookList: return await bookList()
    case .bookShow: return await bookShow(call)
    case .logLevel: return setLogLevel(call)
    case .reload: return await reload(ReloadRequest(call), caller: caller, output: output)
    case .rollback: return await reload(ReloadRequest(kind: .rollback), caller: caller, output: output)
    case .history: return reloadHistory()
    case .configCheck: return await configCheck(call, output)
    case .configDiff: return await configDiff(call, output)
    case .confirm: return await confirm(caller: caller, output: output)
    case .help, .version, .quit, .prompt:
      // Answered by the protocol layer itself; asked here only when a caller goes around it.
      return BuiltInCommands.reply(to: call, version: start.version)
        ?? .failure(ProtocolError(.internalError, "this command is not answered here"))
    default: return .failure(ProtocolError(.internalError, "\(call.specification.name) is not carried out yet"))
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

  private func exchangeList() async -> Reply {
    var body: [String] = []
    for feed in feeds {
      for session in await feed.reports() {
        let age =
          session.lastMessageAt.map { "\(WallClock.now().nanoseconds(since: $0) / 1_000_000) ms ago" } ?? "never"
        body.append(
          "\(session.name) \(session.isConnected ? "up" : "down") state=\(session.state) "
            + "received=\(session.statistics.received) failed=\(session.statistics.failed) last=\"\(age)\" "
            + "reconnects=\(session.reconnects) books=\(session.books.filter(\.isSynchronised).count)/\(session.books.count)"
            + (session.isConnected ? "" : session.lastDisconnect.map { " reason=\"\($0)\"" } ?? ""))
      }
    }
    return Reply(body: body, fields: [ReplyField("sessions", String(body.count))])
  }

  private func bookList() async -> Reply {
    var body: [String] = []
    var synchronised = 0
    for feed in feeds {
      for book in await feed.reports().flatMap(\.books) {
        synchronised += book.isSynchronised ? 1 : 0
        let top = "\(book.bestBid.map { "\($0.price)" } ?? "-")/\(book.bestAsk.map { "\($0.price)" } ?? "-")"
        body.append(
          "\(book.instrument.exchange) \(book.instrument.market.rawValue) \(book.instrument.symbol) "
            + (book.reason.map { "unsynchronised reason=\"\($0)\"" }
              ?? "synchronised top=\(top) levels=\(book.bidLevels)/\(book.askLevels)")
            + " gaps=\(book.statistics.gaps) resyncs=\(book.statistics.resynchronisations)")
      }
    }
    return Reply(
      body: body,
      fields: [ReplyField("books", String(body.count)), ReplyField("synchronised", String(synchronised))])
  }

  private func bookShow(_ call: CommandCall) async -> Reply {
    let marketName = call.text("MARKET") ?? ""
    guard let market = MarketType(rawValue: marketName) else {
      let markets = MarketType.allCases.map(\.rawValue).joined(separator: ", ")
      return .failure(
        ProtocolError(.badArgument, "MARKET must be one of \(markets), not \"\(marketName)\""))
    }
    do throws(ProtocolError) {
      let view = try await cachedBook(
        exchange: call.text("EXCHANGE") ?? "", market: market, symbol: call.text("SYMBOL") ?? "",
        depth: call.integer("DEPTH") ?? 10)
      return StatusText.reply(view)
    } catch {
      return .failure(error)
    }
  }

  private func setLogLevel(_ call: CommandCall) -> Reply {
    guard let level = call.text("LEVEL").flatMap(Logger.Level.init(rawValue:)) else {
      return .failure(ProtocolError(.badArgument, "LEVEL is missing"))
    }
    let label = call.text("LABEL")
    let (changed, previous, ticket) = logControl.set(level, label: label)
    if let duration = call.duration("for") {
      Task { [logControl] in
        try? await Task.sleep(for: duration)
        logControl.undo(ticket: ticket, label: label, to: previous)
      }
    }
    return Reply(
      fields: [
        ReplyField("changed", String(changed)), ReplyField("level", level.rawValue),
        ReplyField("previous", previous.rawValue),
      ], changed: changed)
  }
}
