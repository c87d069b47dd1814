import NIOCore

/// An answer to a REST request.
struct RESTAnswer {
  var status: Int
  var headers: [(String, String)] = []
  var body: [UInt8]

  init(status: Int = 200, body: [UInt8]) {
    self.status = status
    self.body = body
  }

  static func refusal(status: Int, code: Int, _ message: String) -> RESTAnswer {
    RESTAnswer(status: status, body: Array("{\"code\":\(code),\"msg\":\"\(message)\"}".utf8))
  }

  static var invalidSymbol: RESTAnswer { refusal(status: 400, code: -1121, "Invalid symbol.") }
}

/// A snapshot request that came before the recording's point of the snapshot.
struct WaitingSnapshot {
  let symbol: String
  let limit: Int
  let deadline: NIODeadline
  let reply: (RESTAnswer) -> Void
}

/// Request weight used in the running minute.
struct WeightWindow {
  private var minute = 0
  private(set) var used = 0

  mutating func add(_ weight: Int, time: Int) {
    if time / 60_000 != minute {
      minute = time / 60_000
      used = 0
    }
    used += weight
  }
}

extension SimulatorCore {
  private static let snapshotWaitLimit = TimeAmount.seconds(15)
  private static let maximumWaitingSnapshots = 1024

  /// Answers a request, at once or when the recording has come to the snapshot asked for.
  func handle(method: String, uri: String, reply: @escaping (RESTAnswer) -> Void) {
    shared.count { $0.requestsServed += 1 }
    let target = RequestTarget(uri)
    let parts = target.path.split(separator: "/", maxSplits: 1)
    guard let market = parts.first.flatMap({ SimulatedMarket(rawValue: String($0)) }), parts.count == 2,
      "/\(parts[1])".hasPrefix(market.rules.restPrefix + "/")
    else { return reply(.refusal(status: 404, code: -1000, "Unknown path.")) }
    guard method == "GET" else {
      return reply(.refusal(status: 405, code: -1000, "Request method '\(method)' is not supported."))
    }
    let endpoint = "/\(parts[1])".dropFirst(market.rules.restPrefix.count)
    let weight = endpoint == "/depth" ? depthLimit(target, market).flatMap(market.rules.weight) ?? 1 : 1
    let time = WallClock.milliseconds()
    weights[market, default: WeightWindow()].add(weight, time: time)
    let used = weights[market]?.used ?? 0
    let answer: (RESTAnswer) -> Void = { answer in
      var answer = answer
      answer.headers.append(("X-MBX-USED-WEIGHT-1M", String(used)))
      reply(answer)
    }
    if let refusal = shared.faults.withLock({ $0.takeRefusal() }) {
      shared.countFault(refusal.name)
      return answer(tooMany(status: refusal.status, retryAfter: 1))
    }
    guard used <= market.rules.weightPerMinute else {
      return answer(tooMany(status: 429, retryAfter: 60 - time / 1000 % 60))
    }
    switch endpoint {
    case "/ping": answer(RESTAnswer(body: Array("{}".utf8)))
    case "/time": answer(RESTAnswer(body: Array("{\"serverTime\":\(time)}".utf8)))
    case "/depth": depth(target, market: market, time: time, reply: answer)
    default: answer(.refusal(status: 404, code: -1000, "Unknown path."))
    }
  }

  private func depthLimit(_ target: RequestTarget, _ market: SimulatedMarket) -> Int? {
    guard let text = target.query["limit"] else { return market.rules.defaultDepthLimit }
    return Int(text)
  }

  private func tooMany(status: Int, retryAfter: Int) -> RESTAnswer {
    var answer = RESTAnswer.refusal(status: status, code: -1003, "Too many requests; current limit exceeded.")
    answer.headers.append(("Retry-After", String(retryAfter)))
    return answer
  }

  private func depth(
    _ target: RequestTarget, market: SimulatedMarket, time: Int, reply: @escaping (RESTAnswer) -> Void
  ) {
    guard let symbol = target.query["symbol"], !symbol.isEmpty else {
      return reply(
        .refusal(
          status: 400, code: -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."))
    }
    guard let limit = depthLimit(target, market), market.rules.weight(ofDepthLimit: limit) != nil else {
      return reply(.refusal(status: 400, code: -1130, "Data sent for parameter 'limit' is not valid."))
    }
    if let player {
      guard player.market == market else { return reply(.invalidSymbol) }
      return recordedDepth(symbol: symbol, limit: limit, player: player, reply: reply)
    }
    guard shared.market.withLock({ $0.flow(market: market, symbol: symbol) }) != nil else {
      return reply(.invalidSymbol)
    }
    let stale = shared.faults.withLock { $0.takeStaleSnapshot() }
    let body = shared.market.withLock {
      $0.snapshot(market: market, symbol: symbol, limit: limit, stale: stale, time: time)
    }
    countSnapshot(stale: stale)
    reply(body.map { RESTAnswer(body: $0) } ?? .invalidSymbol)
  }

  // MARK: From a recording

  private func recordedDepth(
    symbol: String, limit: Int, player: RecordingPlayer, reply: @escaping (RESTAnswer) -> Void
  ) {
    if answerRecorded(symbol: symbol, limit: limit, player: player, reply: reply) { return }
    guard !player.isOver, waitingSnapshots.count < Self.maximumWaitingSnapshots else { return reply(.invalidSymbol) }
    waitingSnapshots.append(
      WaitingSnapshot(symbol: symbol, limit: limit, deadline: .now() + Self.snapshotWaitLimit, reply: reply))
  }

  /// False when the recording has not come to the symbol's snapshot yet.
  private func answerRecorded(
    symbol: String, limit: Int, player: RecordingPlayer, reply: (RESTAnswer) -> Void
  ) -> Bool {
    guard let recorded = shared.recordedBooks.withLock({ $0[symbol] }) else { return false }
    let stale = shared.faults.withLock { $0.takeStaleSnapshot() }
    countSnapshot(stale: stale)
    if stale {
      // Its content does not matter: its id says that it must not be used.
      var book = recorded.book
      book.lastUpdateID = max(0, book.lastUpdateID &- 1_000_000_000)
      reply(
        RESTAnswer(
          body: BinanceFrames.snapshot(
            book, market: player.market, format: recorded.format, limit: limit, time: WallClock.milliseconds())))
      return true
    }
    reply(
      RESTAnswer(
        body: recorded.recordedBody
          ?? BinanceFrames.snapshot(
            recorded.book, market: player.market, format: recorded.format, limit: limit,
            time: WallClock.milliseconds())))
    if player.isHolding {
      player.release(now: .now())
      sessionDrained()
    }
    return true
  }

  /// The recording has come to a snapshot: whoever waits for it gets it, and if nobody does the stream waits a while.
  func reachedSnapshot(symbol: String, body: [UInt8], player: RecordingPlayer) {
    // A second snapshot of a symbol adds nothing: the book has been followed since the first.
    guard shared.recordedBooks.withLock({ $0[symbol] }) == nil else { return }
    guard var book = RecordedBook(body: body) else { return shared.count { $0.unreadableLines += 1 } }
    if !book.catchUp(earlyDepth.removeValue(forKey: symbol) ?? []) { shared.count { $0.unreadableLines += 1 } }
    let caughtUp = book
    shared.recordedBooks.withLock { $0[symbol] = caughtUp }
    if hasDepthSubscriber(symbol: symbol) { player.hold(now: .now()) }
    let waiting = waitingSnapshots.filter { $0.symbol == symbol }
    waitingSnapshots.removeAll { $0.symbol == symbol }
    for request in waiting {
      _ = answerRecorded(symbol: symbol, limit: request.limit, player: player, reply: request.reply)
    }
  }

  /// Requests for symbols that the recording does not have are refused in the end.
  func expireWaitingSnapshots(now: NIODeadline) {
    guard !waitingSnapshots.isEmpty else { return }
    let isOver = player?.isOver ?? true
    let expired = waitingSnapshots.filter { isOver || $0.deadline <= now }
    waitingSnapshots.removeAll { isOver || $0.deadline <= now }
    for request in expired { request.reply(.invalidSymbol) }
  }

  private func countSnapshot(stale: Bool) {
    if stale { return shared.countFault("stale-snapshot") }
    shared.count { $0.snapshotsServed += 1 }
  }
}
