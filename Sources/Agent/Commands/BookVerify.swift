import AdminProtocol
import Feeds
import MarketData

/// `book verify`: a live book against a fresh snapshot of the exchange.
extension CollectorAgent {
  /// Levels a side compared unless the command says otherwise.
  private static let verifyDepth = 100
  /// How long the stream may need to come to the snapshot's id.
  private static let alignmentPatience = Duration.seconds(5)
  /// A level that changes and changes back between two copies of the book would look like a difference.
  private static let verifyTries = 3
  private static let differencesShown = 20

  func bookVerify(_ call: CommandCall, _ output: CommandOutput) async -> Reply {
    do throws(ProtocolError) {
      let (feed, instrument) = try await followed(call)
      let depth = call.integer("DEPTH") ?? Self.verifyDepth
      var tries = 0
      while true {
        tries += 1
        output.progress(tries == 1 ? "fetching a snapshot" : "levels differ; looking again")
        let look = try await compare(feed, instrument, depth: depth)
        if look.comparison.holds || tries >= Self.verifyTries { return Self.reply(look, tries: tries) }
      }
    } catch {
      return .failure(error)
    }
  }

  /// What one comparison found.
  private struct Look {
    var comparison: BookComparison
    var snapshot: BookView
    var before: Int64
    var after: Int64
  }

  private func compare(
    _ feed: Feed, _ instrument: Instrument, depth: Int
  ) async throws(ProtocolError) -> Look {
    // Somewhat more of the book, so that its own cut lies behind the snapshot's.
    let copied = depth + depth / 2 + 10
    var sampler = BookSampler()
    sampler.add(try await goodBook(feed, instrument, depth: copied))
    let fetch = Task { () async -> Result<BookView, ProtocolError> in
      do throws(ProtocolError) {
        return .success(
          try await self.freshSnapshot(
            exchange: feed.configuration.name, market: instrument.market, symbol: instrument.venueSymbol, depth: depth))
      } catch {
        return .failure(error)
      }
    }
    defer { fetch.cancel() }
    let arrival = SnapshotArrival()
    let watcher = Task { arrival.set(await fetch.value) }
    defer { watcher.cancel() }
    var deadline = ContinuousClock.now + feed.configuration.snapshotDeadline + Self.alignmentPatience
    var isArrived = false
    while ContinuousClock.now < deadline, !Task.isCancelled {
      sampler.add(try await goodBook(feed, instrument, depth: copied))
      if let result = arrival.value {
        let snapshot = try result.get()
        if !isArrived { deadline = ContinuousClock.now + Self.alignmentPatience }
        isArrived = true
        if let (before, after) = sampler.around(snapshot.lastUpdateID) {
          let edges = [
            Self.cut(of: snapshot, asked: depth), Self.cut(of: before.view, asked: copied),
            Self.cut(of: after.view, asked: copied), Self.edges(of: before), Self.edges(of: after),
          ]
          return Look(
            comparison: BookComparison(
              before: before.view, after: after.view, snapshot: snapshot, edges: edges), snapshot: snapshot,
            before: before.view.lastUpdateID, after: after.view.lastUpdateID)
        }
      }
      try? await Task.sleep(for: BookSampler.interval)
    }
    throw ProtocolError(
      .timeout,
      isArrived ? "the stream did not come to the snapshot's id in time" : "the exchange did not answer in time")
  }

  private func goodBook(
    _ feed: Feed, _ instrument: Instrument, depth: Int
  ) async throws(ProtocolError) -> CoveredBook {
    guard let book = await feed.coveredBook(of: instrument, depth: depth) else {
      throw Self.noBook(of: instrument, on: feed)
    }
    guard book.view.isSynchronised else {
      throw ProtocolError(.notReady, "the book is not synchronised: \(book.view.reason ?? "")")
    }
    return book
  }

  private static func edges(of book: CoveredBook) -> BookComparison.Edges {
    BookComparison.Edges(bid: book.lowestBid, ask: book.highestAsk)
  }

  /// The worst prices of a copy that was cut off at a depth; behind them is more.
  private static func cut(of view: BookView, asked: Int) -> BookComparison.Edges {
    BookComparison.Edges(
      bid: view.bids.count >= asked ? view.bids.last?.price : nil,
      ask: view.asks.count >= asked ? view.asks.last?.price : nil)
  }

  private static func reply(_ look: Look, tries: Int) -> Reply {
    let comparison = look.comparison
    let differing = comparison.differing
    let fields = [
      ReplyField(
        "verdict", comparison.holds ? "ok" : differing.isEmpty ? "nothing-compared" : "differs"),
      ReplyField("agree", String(comparison.agreeing)), ReplyField("differ", String(differing.count)),
      ReplyField("changing", String(comparison.changing)),
    ]
    var body = [
      "snapshot: sequence \(look.snapshot.lastUpdateID), \(look.snapshot.bids.count)/\(look.snapshot.asks.count) levels",
      "book: sequence "
        + (look.before == look.after ? "\(look.before)" : "\(look.before) before it, \(look.after) behind it"),
      "levels: \(comparison.agreeing) agree, \(differing.count) differ, \(comparison.changing) changed meanwhile",
    ]
    body += differing.prefix(differencesShown).map {
      "\($0.side) \($0.price): book \($0.book?.description ?? "none"), exchange \($0.exchange?.description ?? "none")"
    }
    if differing.count > differencesShown { body.append("and \(differing.count - differencesShown) more") }
    let data: JSONValue = [
      "verdict": .string(fields[0].value), "agree": .int(Int64(comparison.agreeing)),
      "differ": .int(Int64(differing.count)), "changing": .int(Int64(comparison.changing)),
      "tries": .int(Int64(tries)), "snapshot_sequence": .int(look.snapshot.lastUpdateID),
      "differences": .array(
        differing.prefix(differencesShown).map {
          [
            "side": .string($0.side), "price": .string($0.price.description),
            "book": $0.book.map { .string($0.description) } ?? .null,
            "exchange": $0.exchange.map { .string($0.description) } ?? .null,
          ]
        }),
    ]
    guard !comparison.holds else { return Reply(body: body, fields: fields, data: data) }
    let message =
      differing.isEmpty
      ? "every level changed while the snapshot was taken: nothing could be compared"
      : "the book differs from the exchange's at \(differing.count) levels, \(tries) times in a row"
    return Reply(body: body, error: ProtocolError(.notReady, message, fields: fields), data: data)
  }
}
