import Logging
import NIOCore

/// Everything that lives on the simulator's one event loop: connections, subscriptions, the market's clock.
final class SimulatorCore {
  private struct StreamKey: Hashable {
    let market: SimulatedMarket
    let stream: String
  }

  let configuration: SimulatorConfiguration
  let shared: SharedState
  let eventLoop: any EventLoop
  let logger: Logger
  let player: RecordingPlayer?
  var waitingSnapshots: [WaitingSnapshot] = []
  /// Recorded depth messages sent before their symbol's snapshot, the latest few of each symbol.
  var earlyDepth: [String: [[UInt8]]] = [:]
  var weights: [SimulatedMarket: WeightWindow] = [:]
  private var sessions: [Int: WebSocketSession] = [:]
  private var restHandlers: [ObjectIdentifier: RESTHandler] = [:]
  private var subscribers: [StreamKey: [(session: WebSocketSession, name: String)]] = [:]
  private var nextSessionID = 1
  private var owedOrders = 0.0
  private var lastTick = NIODeadline.now()

  init(
    configuration: SimulatorConfiguration, shared: SharedState, eventLoop: any EventLoop, logger: Logger,
    player: RecordingPlayer?
  ) {
    self.configuration = configuration
    self.shared = shared
    self.eventLoop = eventLoop
    self.logger = logger
    self.player = player
  }

  // MARK: Connections

  var hasRoom: Bool { sessions.count + restHandlers.count < configuration.maximumConnections }

  func makeSession(_ target: StreamTarget) -> WebSocketSession {
    defer { nextSessionID += 1 }
    return WebSocketSession(
      id: nextSessionID, target: target, core: self, plan: shared.faults.withLock { $0 })
  }

  func sessionOpened(_ session: WebSocketSession) {
    sessions[session.id] = session
    let open = sessions.count
    shared.count {
      $0.connectionsOpened += 1
      $0.connectionsOpen = open
    }
    logger.debug("simulator connection opened", metadata: ["market": "\(session.target.market)"])
  }

  func sessionClosed(_ session: WebSocketSession) {
    guard sessions.removeValue(forKey: session.id) != nil else { return }
    let open = sessions.count
    shared.count { $0.connectionsOpen = open }
    subscriptionsChanged(market: session.target.market)
    sessionDrained()
  }

  func requestHandlerAdded(_ handler: RESTHandler) { restHandlers[ObjectIdentifier(handler)] = handler }
  func requestHandlerRemoved(_ handler: RESTHandler) { restHandlers[ObjectIdentifier(handler)] = nil }

  func closeAll() {
    for session in Array(sessions.values) { session.close(code: 1001, reason: "Going away") }
    for handler in Array(restHandlers.values) { handler.close() }
  }

  // MARK: Subscriptions

  func serves(_ text: String, market: SimulatedMarket) -> Bool {
    guard let name = StreamName(text, market: market) else { return false }
    if let player { return market == player.market }
    return shared.market.withLock { $0.serves(name, market: market) }
  }

  func subscriptionsChanged(market: SimulatedMarket) {
    for key in Array(subscribers.keys) where key.market == market { subscribers[key] = nil }
    var wanted: Set<StreamName> = []
    for session in sessions.values.sorted(by: { $0.id < $1.id }) where session.target.market == market {
      for (text, name) in session.subscriptions where session.target.carries(name) {
        wanted.insert(name)
        subscribers[key(of: name, market: market), default: []].append((session, text))
      }
    }
    if let player {
      player.subscriptionsChanged(any: !subscribers.isEmpty, now: .now())
    } else {
      let interest = wanted
      shared.market.withLock { $0.setInterest(interest, market: market) }
    }
  }

  /// Whether anybody listens to the depth of a recorded symbol.
  func hasDepthSubscriber(symbol: String) -> Bool {
    guard let player else { return false }
    return subscribers[StreamKey(market: player.market, stream: symbol.lowercased() + "@depth")] != nil
  }

  /// A recording holds one speed of depth; whoever asks for the symbol's depth at any speed gets that.
  private func key(of name: StreamName, market: SimulatedMarket) -> StreamKey {
    StreamKey(market: market, stream: player != nil && name.isDepth ? name.symbol + "@depth" : name.text)
  }

  // MARK: The clock

  func tick() {
    let now = NIODeadline.now()
    if player == nil { generate(elapsed: now - lastTick) }
    lastTick = now
    let plan = shared.faults.withLock { $0 }
    pump()
    for session in Array(sessions.values) { session.tick(now: now, plan: plan) }
    for handler in Array(restHandlers.values) { handler.closeIfIdle(now: now) }
    expireWaitingSnapshots(now: now)
  }

  private func generate(elapsed: TimeAmount) {
    let rate = Double(max(0, shared.eventsPerSecond.load(ordering: .relaxed)))
    owedOrders += rate * Double(elapsed.nanoseconds) / 1e9
    // A machine that cannot keep the rate falls behind by a quarter of a second at most.
    let most = rate / 4 + 1
    let skipped = max(0, Int(owedOrders - most))
    let orders = Int(min(owedOrders, most))
    owedOrders -= Double(orders + skipped)
    let time = WallClock.milliseconds()
    let frames = shared.market.withLock { market in
      var frames: [MarketFrame] = []
      market.tick(orders: orders, time: time, into: &frames)
      return frames
    }
    if orders > 0 {
      shared.count {
        $0.eventsGenerated += orders
        $0.eventsSkipped += skipped
      }
    }
    for frame in frames { dispatch(frame) }
  }

  private func dispatch(_ frame: MarketFrame) {
    guard let list = subscribers[StreamKey(market: frame.market, stream: frame.stream)] else { return }
    for (session, name) in list { session.deliver(frame, as: name) }
  }

  // MARK: A recording

  /// A socket takes bytes again.
  func sessionDrained() {
    guard player != nil else { return }
    eventLoop.assumeIsolated().execute { self.pump() }
  }

  private func pump() {
    guard let player, !player.isOver else { return }
    var lines = 0
    while true {
      if player.source.speed == .max, !everybodyIsReady() { break }
      // Long runs are cut so that pongs and requests are heard in between.
      if lines == 1000 {
        sessionDrained()
        break
      }
      guard carryOut(player.next(now: .now()), of: player) else { break }
      lines += 1
    }
    if lines > 0 || player.isOver { flushAll() }
    let read = player.linesRead
    let hasStarted = player.hasStarted
    shared.count {
      $0.recordingLines = read
      if hasStarted, $0.recording == .waitingForSubscriber { $0.recording = .playing }
    }
  }

  /// False when there is nothing more to do now.
  private func carryOut(_ action: RecordingPlayer.Action, of player: RecordingPlayer) -> Bool {
    switch action {
    case .send(let frame):
      sendRecorded(frame)
    case .snapshot(let symbol, let body):
      reachedSnapshot(symbol: symbol, body: body, player: player)
    case .unreadable:
      shared.count { $0.unreadableLines += 1 }
    case .note:
      break
    case .wait:
      return false
    case .finished:
      shared.count { $0.recording = .finished }
      logger.info("recording served to its end", metadata: ["lines": "\(player.linesRead)"])
      return false
    case .failed(let reason):
      shared.count { $0.recording = .failed(reason) }
      logger.error("recording cannot be served any further: \(reason)")
      return false
    }
    return true
  }

  private func sendRecorded(_ frame: MarketFrame) {
    guard let symbol = frame.stream.split(separator: "@").first else { return }
    guard frame.isDepth else { return dispatch(frame) }
    let understood = shared.recordedBooks.withLock { $0[symbol.uppercased()]?.apply(frame.payload) }
    switch understood {
    case nil: keepEarlyDepth(frame.payload, symbol: symbol.uppercased())
    case false?: shared.count { $0.unreadableLines += 1 }
    case true?: break
    }
    dispatch(
      MarketFrame(market: frame.market, stream: symbol + "@depth", isDepth: true, payload: frame.payload))
  }

  private func keepEarlyDepth(_ payload: [UInt8], symbol: String) {
    guard earlyDepth.count < 1024 || earlyDepth[symbol] != nil else { return }
    earlyDepth[symbol, default: []].append(payload)
    if earlyDepth[symbol, default: []].count > 500 { earlyDepth[symbol]?.removeFirst() }
  }

  private func everybodyIsReady() -> Bool {
    if sessions.values.allSatisfy(\.isReady) { return true }
    flushAll()
    return sessions.values.allSatisfy(\.isReady)
  }

  private func flushAll() {
    for session in sessions.values { session.flush() }
  }
}
