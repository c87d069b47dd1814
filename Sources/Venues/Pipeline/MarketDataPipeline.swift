import MarketData

/// The way of one connection's frames: decoded, applied to the books, encoded for delivery. No I/O, no clock: frames and
/// times come in, encoded events collect in ``output`` and wishes in ``requests`` until their owner takes them.
///
/// Not thread-safe: it lives on its session's event loop. `connectionLost()` must be called when frames were lost.
public final class MarketDataPipeline {
  /// What the pipeline wants its owner to do.
  public enum Request: Sendable, Equatable {
    /// Fetch an order book snapshot over REST and give it to ``receiveSnapshot(_:instrument:limit:receivedNS:publishedMS:)``.
    case snapshot(instrument: Int)
    /// The exchange refused a request of ours.
    case refused(id: Int64?, code: Int64, message: String)
    /// The exchange acknowledged a request of ours.
    case acknowledged(id: Int64)
    /// The exchange is going to close this connection.
    case shutdownAnnounced
  }

  /// How events become messages; nil to encode nothing.
  public struct Publishing: Sendable {
    /// How subjects are formed.
    public var subject: SubjectTemplate
    /// The collector's name, `host-pid`.
    public var collector: String

    /// Creates a way of publishing.
    public init(subject: SubjectTemplate, collector: String) {
      self.subject = subject
      self.collector = collector
    }
  }

  /// Decodes this connection's frames.
  public let decoder: FrameDecoder
  /// Encoded events; the owner takes them at the end of each burst and empties it.
  public var output = EncodedEvents()
  /// Wishes; the owner takes them at the end of each burst and empties it.
  public var requests: [Request] = []
  /// Counters.
  public private(set) var statistics: PipelineStatistics
  /// The last failure, for the log.
  public private(set) var lastFailure: DecodeFailure?

  private let rule: SequenceRule
  private let keepsBooks: Bool
  private let publishing: Publishing?
  private var batch = EventBatch()
  private var books: [ManagedBook?] = []
  var encoders: [EventEncoder?] = []
  private var followed: [Bool] = []
  /// Followed, and its events are not encoded.
  var silenced: [Bool] = []
  /// How far the encoding has come.
  var marks: [PublicationMarks] = []
  /// What another connection has published already; looked at only while ``hasFloors``.
  var floors: [PublicationMarks] = []
  var hasFloors = false
  /// Whether the whole book follows the first change beyond the floor.
  var owesWhole: [Bool] = []

  /// Creates a pipeline.
  ///
  /// - Parameters:
  ///   - keepsBooks: whether depth events are applied to books; otherwise they are passed on as they come.
  public init(decoder: FrameDecoder, rule: SequenceRule, keepsBooks: Bool, publishing: Publishing?) {
    self.decoder = decoder
    self.rule = rule
    self.keepsBooks = keepsBooks
    self.publishing = publishing
    statistics = PipelineStatistics(messageNames: decoder.messageNames)
    addInstruments()
  }

  /// The book of an instrument, nil when none is kept.
  public func book(instrument: Int) -> ManagedBook? {
    books.indices.contains(instrument) ? books[instrument] : nil
  }

  /// All books that are kept, with their instruments' places.
  public var allBooks: [(instrument: Int, book: ManagedBook)] {
    books.enumerated().compactMap { place, book in book.map { (place, $0) } }
  }

  /// Begins to follow an instrument; one that was followed before begins anew.
  ///
  /// - Returns: its place.
  public func follow(_ instrument: Instrument) -> Int {
    let place = decoder.add(instrument)
    if decoder.instruments.count > books.count {
      addInstruments()
    } else if !isFollowing(place) {
      install(place)
    }
    return place
  }

  /// Whether events of the instrument at this place are passed on.
  public func isFollowing(_ place: Int) -> Bool { followed.indices.contains(place) && followed[place] }

  /// Ends following an instrument: its book is forgotten and what still arrives for it is passed over.
  public func unfollow(_ place: Int) {
    guard isFollowing(place) else { return }
    followed[place] = false
    books[place] = nil
    encoders[place] = nil
    silenced[place] = false
  }

  /// The places of the instruments followed.
  public var followedPlaces: [Int] { followed.indices.filter { followed[$0] } }

  private func install(_ place: Int) {
    let instrument = decoder.instruments[place]
    followed[place] = true
    books[place] = keepsBooks ? ManagedBook(instrument: instrument, rule: rule) : nil
    silenced[place] = false
    marks[place] = PublicationMarks()
    floors[place] = PublicationMarks()
    owesWhole[place] = false
    encoders[place] = encoder(place)
  }

  func encoder(_ place: Int) -> EventEncoder? {
    publishing.map {
      EventEncoder(
        instrument: decoder.instruments[place], subject: $0.subject, collector: $0.collector, place: place)
    }
  }

  /// Makes room for the instruments that the decoder has come to know.
  private func addInstruments() {
    for place in books.count..<max(books.count, decoder.instruments.count) {
      books.append(nil)
      encoders.append(nil)
      followed.append(false)
      silenced.append(false)
      marks.append(PublicationMarks())
      floors.append(PublicationMarks())
      owesWhole.append(false)
      install(place)
    }
  }

  /// Takes one text frame.
  ///
  /// - Parameters:
  ///   - receivedNS: when it arrived, in nanoseconds since 1970.
  ///   - publishedMS: the present time, in milliseconds since 1970.
  /// - Returns: false when it could not be decoded; ``lastFailure`` says why.
  @discardableResult
  public func receive(_ frame: UnsafeRawBufferPointer, receivedNS: Int64, publishedMS: Int64) -> Bool {
    statistics.received += 1
    do throws(DecodeFailure) {
      switch try decoder.decode(frame, into: &batch) {
      case .market(let name): statistics.count(message: name)
      case .acknowledgement(let id): requests.append(.acknowledged(id: id))
      case .refusal(let id, let code, let message):
        requests.append(.refused(id: id, code: code, message: message))
      case .shutdownNotice: requests.append(.shutdownAnnounced)
      }
    } catch {
      fail(error)
      return false
    }
    statistics.failuresInARow = 0
    if decoder.instruments.count > books.count { addInstruments() }
    let context = EventEncoder.Context(receivedMS: receivedNS / 1_000_000, publishedMS: publishedMS)
    for index in batch.entries.indices { handle(batch.entries[index], receivedNS, context) }
    return true
  }

  /// Takes a frame of a kind that is not decoded at all.
  public func receiveBinary() {
    statistics.received += 1
    fail(DecodeFailure(.binaryFrame, field: "frame"))
  }

  private func fail(_ failure: DecodeFailure) {
    statistics.count(failure: failure.kind)
    lastFailure = failure
  }

  @inline(__always)
  private func handle(_ entry: EventBatch.Entry, _ receivedNS: Int64, _ context: EventEncoder.Context) {
    let place = entry.instrument
    guard isFollowing(place) else { return }
    switch entry.event {
    case .trade(let trade):
      statistics.trades.note(receivedNS: receivedNS, eventTimeMS: trade.eventTimeMS)
      if !hasFloors || trade.tradeID > floors[place].trade {
        encoders[place]?.encode(trade, context, into: &output)
        marks[place].trade = trade.tradeID
      }
    case .quote(let quote):
      statistics.quotes.note(receivedNS: receivedNS, eventTimeMS: quote.eventTimeMS)
      if !hasFloors || quote.updateID > floors[place].quote {
        encoders[place]?.encode(quote, context, into: &output)
        marks[place].quote = quote.updateID
      }
      if let book = books[place], !book.receive(quote) { requests.append(.snapshot(instrument: place)) }
    case .depth(let delta):
      statistics.depths.note(receivedNS: receivedNS, eventTimeMS: delta.eventTimeMS)
      guard let book = books[place] else {
        encode(delta, place, context)
        return
      }
      switch book.receive(delta, levels: batch.levels, receivedNS: receivedNS) {
      case .applied:
        encode(delta, place, context)
        if book.wantsNewerSnapshot { requests.append(.snapshot(instrument: place)) }
      case .refreshed:
        encode(delta, place, context)
        encodeWhole(book, place, context)
      case .nothingToDo: break
      case .wantsSnapshot, .lost: requests.append(.snapshot(instrument: place))
      }
    }
  }

  @inline(__always)
  private func encode(_ delta: DepthHeader, _ place: Int, _ context: EventEncoder.Context) {
    if hasFloors, delta.lastUpdateID <= floors[place].depth { return }
    encoders[place]?.encode(
      delta: delta, bids: batch.levels[delta.bids], asks: batch.levels[delta.asks], context, into: &output)
    marks[place].depth = delta.lastUpdateID
    if owesWhole[place], let book = books[place] { encodeWhole(book, place, context) }
  }

  /// Takes the body of a REST snapshot.
  ///
  /// - Parameter limit: the levels a side that were asked for; nil when not known.
  /// - Returns: what became of it; the whole book stands in ``output`` when it is synchronised now.
  /// - Throws: ``DecodeFailure`` when the body is none.
  public func receiveSnapshot(
    _ body: UnsafeRawBufferPointer, instrument: Int, limit: Int? = nil, receivedNS: Int64, publishedMS: Int64
  ) throws(DecodeFailure) -> ManagedBook.SnapshotOutcome {
    statistics.snapshots += 1
    batch.removeAll()
    let header: DepthHeader
    do throws(DecodeFailure) {
      header = try decoder.decodeSnapshot(body, levels: &batch.levels)
    } catch {
      statistics.failedSnapshots += 1
      fail(error)
      throw error
    }
    if decoder.instruments.count > books.count { addInstruments() }
    guard let book = book(instrument: instrument) else { return .notWanted }
    let outcome = book.receiveSnapshot(header, levels: batch.levels, limit: limit, receivedNS: receivedNS)
    if outcome == .synchronised {
      let context = EventEncoder.Context(receivedMS: receivedNS / 1_000_000, publishedMS: publishedMS)
      encodeWhole(book, instrument, context)
    }
    return outcome
  }

  /// Encodes the whole book, unless another connection has published more than it holds: then with the first change beyond.
  func encodeWhole(_ book: ManagedBook, _ place: Int, _ context: EventEncoder.Context) {
    owesWhole[place] = hasFloors && book.book.lastUpdateID < floors[place].depth
    guard !owesWhole[place] else { return }
    marks[place].depth = max(marks[place].depth, book.book.lastUpdateID)
    encoders[place]?.encode(snapshot: book.book, eventTimeMS: book.eventTimeMS, context, into: &output)
  }

  /// The connection is gone: no book can be trusted.
  public func connectionLost() {
    for book in books { book?.lose(.disconnected) }
  }
}
