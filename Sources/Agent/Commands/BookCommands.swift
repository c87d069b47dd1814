import AdminProtocol
import Feeds
import MarketData

/// `book …`: the order books.
extension CollectorAgent {
  /// How long `book resync` waits for the book to be synchronised again.
  private static let resyncPatience = Duration.seconds(20)

  func bookList() async -> Reply {
    var books: [BookReport] = []
    for feed in feeds { books += await feed.reports().flatMap(\.books) }
    let synchronised = books.count { $0.isSynchronised }
    return Reply(
      body: books.map(BookText.line),
      fields: [ReplyField("books", String(books.count)), ReplyField("synchronised", String(synchronised))],
      data: ["books": .array(books.map(BookText.json))])
  }

  func bookShow(_ call: CommandCall) async -> Reply {
    do throws(ProtocolError) {
      let view = try await cachedBook(
        exchange: call.text("EXCHANGE") ?? "", market: try Self.market(call), symbol: call.text("SYMBOL") ?? "",
        depth: call.integer("DEPTH") ?? 10)
      return StatusText.reply(view)
    } catch {
      return .failure(error)
    }
  }

  func bookResync(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    do throws(ProtocolError) {
      let (feed, instrument) = try await followed(call)
      guard !feed.isPaused else {
        throw ProtocolError(.notReady, "\(feed.configuration.name) is paused: nothing can be synchronised")
      }
      guard let wasGood = await feed.resynchronise(instrument) else { throw Self.noBook(of: instrument, on: feed) }
      let deadline = ContinuousClock.now + Self.resyncPatience
      while ContinuousClock.now < deadline, !Task.isCancelled {
        guard let view = await feed.book(of: instrument, depth: 0) else { throw Self.noBook(of: instrument, on: feed) }
        if view.isSynchronised {
          return Reply(
            fields: [
              ReplyField("sequence", String(view.lastUpdateID)),
              ReplyField("levels", "\(view.bidLevels)/\(view.askLevels)"),
              ReplyField("resyncs", String(view.resynchronisations)),
            ], changed: wasGood)
        }
        output.progress(view.reason ?? "not synchronised")
        try? await Task.sleep(for: .milliseconds(50))
      }
      var reply = Reply.failure(
        ProtocolError(
          .timeout, "the book is not synchronised after \(Self.resyncPatience.text); it is tried on"))
      reply.changed = wasGood
      return reply
    } catch {
      return .failure(error)
    }
  }

  /// The feed and the instrument that the command names.
  func followed(_ call: CommandCall) async throws(ProtocolError) -> (feed: Feed, instrument: Instrument) {
    try await find(
      exchange: call.text("EXCHANGE") ?? "", market: try Self.market(call), symbol: call.text("SYMBOL") ?? "")
  }

  static func noBook(of instrument: Instrument, on feed: Feed) -> ProtocolError {
    ProtocolError(.notReady, "no order book of \(instrument.symbol) is kept on \(feed.configuration.name)")
  }

  private static func market(_ call: CommandCall) throws(ProtocolError) -> MarketType {
    let name = call.text("MARKET") ?? ""
    guard let market = MarketType(rawValue: name) else {
      let names = MarketType.allCases.map(\.rawValue)
      let hint = Suggestion.nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
      throw ProtocolError(
        .badArgument, "MARKET must be one of \(names.joined(separator: ", ")), not \"\(name)\"\(hint)")
    }
    return market
  }
}
