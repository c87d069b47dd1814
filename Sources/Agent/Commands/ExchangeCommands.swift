import AdminProtocol
import Feeds
import MarketData

/// `exchange …`: the entries of `exchanges` and their sessions.
extension CollectorAgent {
  func exchangeList() async -> Reply {
    var body: [String] = []
    var rows: [JSONValue] = []
    for feed in feeds {
      for session in await feed.reports() {
        body.append(ExchangeText.line(session, isPaused: feed.isPaused))
        rows.append(ExchangeText.json(session, of: feed))
      }
    }
    return Reply(
      body: body, fields: [ReplyField("sessions", String(body.count))], data: ["sessions": .array(rows)])
  }

  func exchangeShow(_ call: CommandCall) async -> Reply {
    do throws(ProtocolError) {
      let feed = try entry(call)
      let sessions = await feed.reports()
      let books = sessions.flatMap(\.books)
      let wish = feed.configuration.wish
      let symbols = sessions.flatMap(\.instruments).map(\.symbol)
      let override = overrides[.exchange(feed.configuration.name)]
      var body = [
        "name: \(feed.configuration.name)", "exchange: \(feed.configuration.venue.name)",
        "market_type: \(wish.market.rawValue)", "paused: \(feed.isPaused ? "yes" : "no")",
      ]
      if let override { body.append("override: \(override.text)") }
      body.append("symbols: \(symbols.joined(separator: " "))")
      body.append("data_types: \(wish.dataTypes.map(\.rawValue).joined(separator: " "))")
      body += sessions.map { "session: " + ExchangeText.line($0, isPaused: feed.isPaused) }
      body += books.map { "book: " + BookText.line($0) }
      return Reply(
        body: body,
        fields: [
          ReplyField("sessions", String(sessions.count)), ReplyField("books", String(books.count)),
          ReplyField("paused", feed.isPaused ? "yes" : "no"),
        ],
        data: [
          "name": .string(feed.configuration.name), "exchange": .string(feed.configuration.venue.name),
          "market_type": .string(wish.market.rawValue), "paused": .bool(feed.isPaused),
          "override": override.map { .string($0.text) } ?? .null, "symbols": .array(symbols.map(JSONValue.string)),
          "data_types": .array(wish.dataTypes.map { .string($0.rawValue) }),
          "sessions": .array(sessions.map { ExchangeText.json($0, of: feed) }),
          "books": .array(books.map(BookText.json)),
        ])
    } catch {
      return .failure(error)
    }
  }

  func exchangePause(_ call: CommandCall, _ caller: Caller) async -> Reply {
    do throws(ProtocolError) {
      let feed = try entry(call)
      let name = feed.configuration.name
      let now = WallClock.nanoseconds()
      let override = ActiveOverride(
        key: .exchange(name), value: "paused", by: caller.identity, reason: call.text("reason"), setAt: now,
        until: call.duration("for").map { now &+ $0.wholeNanoseconds })
      let changed = overrides.set(override)
      if changed { events.emit(.overrideSet(override)) }
      held.hold(name, true)
      await settleFeeds()
      var fields = [ReplyField("exchange", name), ReplyField("paused", "yes")]
      if let until = overrides[.exchange(name)]?.until {
        fields.append(ReplyField("until", Timestamp(nanoseconds: until).rfc3339))
      }
      return Reply(fields: fields, changed: changed)
    } catch {
      return .failure(error)
    }
  }

  func exchangeResume(_ call: CommandCall) async -> Reply {
    do throws(ProtocolError) {
      let feed = try entry(call)
      let key = OverrideKey.exchange(feed.configuration.name)
      let changed = overrides[key] != nil
      await end(key, because: "ended by exchange resume")
      return Reply(
        fields: [ReplyField("exchange", feed.configuration.name), ReplyField("paused", feed.isPaused ? "yes" : "no")],
        changed: changed, warnings: isDrained ? ["the collector is drained: \"undrain\" connects it again"] : [])
    } catch {
      return .failure(error)
    }
  }

  func exchangeReconnect(_ call: CommandCall) async -> Reply {
    do throws(ProtocolError) {
      let feed = try entry(call)
      let name = feed.configuration.name
      guard !feed.isPaused else {
        let way = isDrained ? "undrain" : "exchange resume \(name)"
        throw ProtocolError(.notReady, "\(name) is paused; \"\(way)\" connects it again")
      }
      dialledAt = WallClock.now()
      let count = await feed.reconnect()
      return Reply(
        fields: [ReplyField("exchange", name), ReplyField("sessions", String(count))], changed: count > 0)
    } catch {
      return .failure(error)
    }
  }

  /// The entry that the command names.
  private func entry(_ call: CommandCall) throws(ProtocolError) -> Feed {
    let name = call.text("NAME") ?? ""
    if let feed = feeds.first(where: { $0.configuration.name == name }) { return feed }
    if settings.exchanges.contains(where: { $0.name == name && !$0.enabled }) {
      throw ProtocolError(.unknownExchange, "the entry \"\(name)\" is not enabled in the configuration")
    }
    throw ProtocolError(.unknownExchange, Self.unknown("exchange entry", name, among: feeds.map(\.configuration.name)))
  }
}
