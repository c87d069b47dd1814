import Logging
import MarketData
import NIOCore
import Venues

/// One connection to a venue over its whole life, with the books it feeds.
///
/// 1. `start` dials. 2. Opened, the streams of the URL flow; books ask for snapshots as their first changes come.
/// 3. Each burst of frames is decoded, applied, encoded and handed to the sink in one go. 4. A lost connection makes all
/// its books unsynchronised, and the machine dials again. 5. `stop` closes and ends.
///
/// Everything happens on `loop`, and that is why it may be `@unchecked Sendable`: other threads only put work on the loop.
final class FeedSession: WebSocketReceiver, @unchecked Sendable {
  /// A book without any change this long after the connection was opened gets its snapshot all the same.
  static let quietAfter: Int64 = 3_000_000_000
  private static let tickInterval = TimeAmount.seconds(1)

  let name: String
  let loop: any EventLoop
  private(set) var configuration: FeedConfiguration
  let environment: FeedEnvironment
  let pipeline: MarketDataPipeline
  var logger: Logger
  var snapshots = SnapshotQueue()
  var snapshotTimer: Scheduled<Void>?
  var snapshotFailures = 0
  /// Why the last snapshot of an instrument could not be had; of books that still wait for one.
  var snapshotProblems: [Instrument: String] = [:]
  /// Whether events are held instead of published.
  var isMuted: Bool
  var held = HeldEvents()
  /// When another session's place has been taken for long enough; monotonic.
  var successionEnds: Int64?
  var machine: SessionStateMachine
  private(set) var connection: WebSocketConnection<FeedSession>?
  private(set) var connectedNS: Int64?
  private(set) var lastMessageNS: Int64?
  /// Whose streams the present connection's address names; what is followed may change while it is dialled.
  private var dialled: [Instrument] = []
  private var pacer = SubscriptionPacer()
  private var pacerTimer: Scheduled<Void>?
  /// What the exchange would not subscribe to, with its words; of instruments that are followed.
  private(set) var refusals: [Instrument: String] = [:]
  private var openedAt: Int64 = 0
  private var timer: Scheduled<Void>?
  private var tick: RepeatedTask?
  private var generator = SystemRandomNumberGenerator()
  var stopped: [EventLoopPromise<Void>] = []
  /// Books that were synchronised when last looked at, by place.
  var goodBooks: Set<Int> = []
  /// Events handed to the sink.
  var events = 0
  private var failureLog = BurstLog()

  init(
    name: String, configuration: FeedConfiguration, environment: FeedEnvironment, loop: any EventLoop, logger: Logger,
    isMuted: Bool = false
  ) {
    self.isMuted = isMuted
    self.name = name
    self.configuration = configuration
    self.environment = environment
    self.loop = loop
    var logger = logger
    logger[metadataKey: "session"] = "\(name)"
    self.logger = logger
    machine = SessionStateMachine(configuration.session)
    let market = configuration.wish.market
    pipeline = MarketDataPipeline(
      decoder: configuration.venue.decoder(
        market: market, instruments: configuration.wish.instruments, learnsSymbols: false),
      rule: configuration.venue.sequenceRule(market: market), keepsBooks: configuration.keepsBooks,
      publishing: configuration.publishing)
  }

  /// Dials. Any thread.
  func start() {
    loop.execute { self.perform(self.machine.start()) }
  }

  /// Closes for good. Any thread.
  ///
  /// - Returns: succeeds when the connection is closed.
  func stop() -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    loop.execute {
      guard self.machine.state != .stopped, self.machine.state != .idle else { return promise.succeed() }
      self.stopped.append(promise)
      self.perform(self.machine.stop())
    }
    return promise.futureResult
  }

  /// Instruments followed now.
  var instruments: [Instrument] {
    pipeline.followedPlaces.filter { !pipeline.isSilenced($0) }.map { pipeline.decoder.instruments[$0] }
  }

  /// Instruments whose streams come: those followed, and those kept in silence.
  var carried: [Instrument] { pipeline.followedPlaces.map { pipeline.decoder.instruments[$0] } }

  /// What to ask of the venue for the instruments followed now.
  private var wish: SubscriptionWish {
    var wish = configuration.wish
    wish.instruments = carried
    return wish
  }

  /// Follows more instruments and fewer others without touching the connection. On the loop.
  ///
  /// - Parameters:
  ///   - silent: nothing of these is published and shown, but what it takes to go on with them is kept.
  func change(adding added: [Instrument], removing removed: [Instrument], silent: [Instrument]) {
    let now = WallClock.nanoseconds()
    for instrument in carried {
      guard let place = pipeline.decoder.place(of: instrument.venueSymbol) else { continue }
      if silent.contains(instrument) {
        pipeline.silence(place)
      } else {
        pipeline.voice(place, receivedNS: now, publishedMS: now / 1_000_000)
      }
    }
    for instrument in removed {
      guard let place = pipeline.decoder.place(of: instrument.venueSymbol) else { continue }
      pipeline.unfollow(place)
      goodBooks.remove(place)
      snapshots.satisfied(place)
      snapshotProblems[instrument] = nil
    }
    handOver()
    for instrument in added { _ = pipeline.follow(instrument) }
    subscribe()
  }

  /// Changes what can change while the connection stays as it is. On the loop.
  func tune(_ tuning: FeedTuning) {
    configuration.tuning = tuning
    connection?.setPingInterval(configuration.transport.pingInterval)
    perform(machine.reconfigure(tuning.session, now: WallClock.monotonic()))
  }

  /// Asks the venue for exactly the streams of what is followed, no faster than it likes to be asked.
  private func subscribe() {
    pacerTimer?.cancel()
    pacerTimer = nil
    let followed = carried
    refusals = refusals.filter { followed.contains($0.key) }
    switch pacer.step(wanted: followed, now: WallClock.monotonic()) {
    case .nothing: break
    case .wait(let delay):
      pacerTimer = loop.scheduleTask(in: TimeAmount(delay)) {
        self.pacerTimer = nil
        self.subscribe()
      }
    case .send(let requests):
      for request in requests { send(request) }
    }
  }

  private func send(_ request: SubscriptionPacer.Request) {
    guard let connection, connection.isOpen else { return }
    let streams = request.instruments.flatMap { configuration.venue.streams(of: $0, in: configuration.wish) }
    guard !streams.isEmpty else { return }
    if request.change == .subscribe { for instrument in request.instruments { refusals[instrument] = nil } }
    if !connection.send(text: configuration.venue.subscription(request.change, streams: streams, id: request.id)) {
      logger.warning("a subscription could not be sent; connecting anew")
      perform(machine.reconnect(.connectionLost("a subscription could not be sent")))
    }
  }

  /// The exchange would not do what was asked. It refuses a request as a whole, so each of its instruments is suspect.
  private func refused(id: Int64?, code: Int64, message: String) {
    let request = id.flatMap { pacer.answered($0) }
    let symbols = request?.instruments.map(\.venueSymbol).joined(separator: ", ") ?? ""
    logger.error(
      "the exchange refused request \(id.map(String.init) ?? "?"): \(code) \(message)",
      metadata: ["symbols": "\(symbols)"])
    guard let request, request.change == .subscribe else { return }
    for instrument in request.instruments { refusals[instrument] = "\(code) \(message)" }
  }

  /// Carries out what the machine asks for.
  func perform(_ actions: [SessionAction]) {
    for action in actions {
      switch action {
      case .connect: connect()
      case .close(let reason): connection?.close(because: reason)
      case .schedule(let delay):
        timer?.cancel()
        timer = loop.scheduleTask(in: TimeAmount(delay)) {
          self.timer = nil
          self.perform(self.machine.timer(now: WallClock.monotonic()))
        }
      case .cancelTimer:
        timer?.cancel()
        timer = nil
      case .notify(let notice): tell(notice)
      }
    }
  }

  private func connect() {
    let wish = wish
    dialled = wish.instruments
    let plan = configuration.venue.connection(wish)
    let url: WebSocketURL
    do {
      url = try configuration.webSocketURL.appending(path: plan.path, query: plan.query)
    } catch {
      // The address was checked when the configuration was read; only the streams' names are added here.
      return perform(machine.closed(.dialFailed("\(error)"), now: WallClock.monotonic(), using: &generator))
    }
    connection = .connect(to: url, options: configuration.transport, on: loop, receiver: self)
  }

  private func tell(_ notice: SessionNotice) {
    observe(notice)
    switch notice {
    case .connecting(let attempt): logger.debug("connecting", metadata: ["attempt": "\(attempt)"])
    case .connected: logger.info("connected", metadata: ["instruments": "\(pipeline.followedPlaces.count)"])
    case .disconnected(let reason, let delay):
      let retry = delay.map { "retrying in \($0.milliseconds) ms" } ?? "not retrying"
      logger.log(level: delay == nil ? .info : .warning, "disconnected: \(reason); \(retry)")
    case .stopped:
      for promise in stopped { promise.succeed() }
      stopped.removeAll()
    }
  }

  // MARK: What the connection tells

  func webSocketOpened(_ connection: WebSocketConnection<FeedSession>) {
    connectedNS = WallClock.nanoseconds()
    openedAt = WallClock.monotonic()
    tick = loop.scheduleRepeatedTask(initialDelay: Self.tickInterval, delay: Self.tickInterval) { _ in self.tickOver() }
    perform(machine.opened(now: openedAt, using: &generator))
    // What is followed may have changed while the connection was being dialled.
    pacer.opened(with: dialled)
    subscribe()
  }

  func webSocketReceived(_ bytes: UnsafeRawBufferPointer, kind: WebSocketMessageKind) {
    let now = WallClock.nanoseconds()
    lastMessageNS = now
    switch kind {
    case .text:
      if !pipeline.receive(bytes, receivedNS: now, publishedMS: now / 1_000_000) { logFailure(bytes) }
    case .binary:
      pipeline.receiveBinary()
      logFailure(bytes)
    }
  }

  func webSocketBurstEnded() {
    machine.frameReceived(now: WallClock.monotonic())
    handOver()
    if !pipeline.requests.isEmpty { handleRequests() }
  }

  func webSocketClosed(_ reason: DisconnectReason) {
    tick?.cancel()
    tick = nil
    snapshotTimer?.cancel()
    snapshotTimer = nil
    pacerTimer?.cancel()
    pacerTimer = nil
    pacer.closed()
    // The next connection's address asks for everything anew, and an address is not refused.
    refusals.removeAll()
    snapshots.removeAll()
    connection = nil
    connectedNS = nil
    pipeline.connectionLost()
    goodBooks.removeAll()
    perform(machine.closed(reason, now: WallClock.monotonic(), using: &generator))
  }

  private func handleRequests() {
    let now = WallClock.monotonic()
    for request in pipeline.requests {
      switch request {
      case .snapshot(let place):
        noteLoss(of: place)
        snapshots.want(place, now: now)
      case .acknowledged(let id):
        _ = pacer.answered(id)
        logger.debug("request acknowledged", metadata: ["id": "\(id)"])
      case .refused(let id, let code, let message): refused(id: id, code: code, message: message)
      case .shutdownAnnounced: logger.info("the exchange announces that it will close this connection")
      }
    }
    pipeline.requests.removeAll(keepingCapacity: true)
    pumpSnapshots()
  }

  /// Once a second: books of quiet instruments get their snapshot too.
  private func tickOver() {
    let now = WallClock.monotonic()
    endSuccessionWhenDue(now: now)
    guard now - openedAt > Self.quietAfter else { return }
    for (place, book) in pipeline.allBooks where !book.isSynchronised { snapshots.want(place, now: now) }
    pumpSnapshots()
  }

  private func logFailure(_ frame: UnsafeRawBufferPointer) {
    guard let failure = pipeline.lastFailure else { return }
    if let suppressed = failureLog.admit(now: WallClock.monotonic()) {
      logger.warning(
        "a frame could not be decoded: \(failure.kind.rawValue) at \(failure.field)",
        metadata: ["bytes": "\(frame.count)", "suppressed": "\(suppressed)"])
    }
    logger.debug("undecodable frame: \(String(decoding: frame.prefix(256), as: UTF8.self).debugDescription)")
  }
}
