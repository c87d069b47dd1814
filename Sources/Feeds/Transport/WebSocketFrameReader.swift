/// Cuts a byte stream into whole messages and control frames: a value-type state machine without I/O.
///
/// The reader is pulled with the bytes of one read until it returns nil. A frame that lies whole in the read and is not
/// fragmented is handed out in place, without copy or allocation. Only a frame split between reads is collected, in a
/// buffer that is kept for the next one, and so are the fragments of a fragmented message.
///
/// Measured (optimised build, one shared core of the build machine, text frames of 200 bytes in reads of 60 kB that all
/// end inside a frame): 60 ns a message, no allocation in the steady state.
///
///     var offset = 0
///     while let event = try reader.next(bytes, &offset) {
///       reader.withPayload(event.source, in: bytes) { … }
///     }
package struct WebSocketFrameReader {
  /// Where a payload lies.
  package enum Source: Equatable {
    case input(Range<Int>)
    case split(headerBytes: Int)
    case fragments
  }

  /// What the stream held next.
  package struct Event: Equatable {
    package enum Kind: Equatable {
      case text, binary, ping, pong, close
    }
    package var kind: Kind
    package var source: Source
  }

  /// A collecting buffer larger than this is given back after use, so that one huge message does not stay in memory.
  private static let keptCapacity = 256 << 10

  private let maxMessageBytes: Int
  private let maxFrameBytes: Int
  private var split: [UInt8] = []
  private var splitIsDelivered = false
  private var fragments: [UInt8] = []
  private var fragmentsAreDelivered = false
  private var fragmentKind: Event.Kind?

  package init(maxMessageBytes: Int) {
    // A gibibyte at most, so that sums of lengths a peer announced cannot overflow.
    self.maxMessageBytes = min(max(maxMessageBytes, 0), 1 << 30)
    // Control frames of up to 125 bytes are legal however small the limit for messages is.
    maxFrameBytes = max(self.maxMessageBytes, 125)
  }

  /// The next event, or nil when the input is used up (an unfinished frame is kept inside).
  /// - Parameters:
  ///   - input: The bytes of one read; the same for every call until nil is returned.
  ///   - offset: How much of the input has been used; begins at 0.
  package mutating func next(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws(WebSocketViolation) -> Event? {
    while true {
      forgetDelivered()
      let header: WebSocketFrameHeader
      let source: Source
      if split.isEmpty {
        guard let whole = try WebSocketFrameHeader.parse(input, at: offset, maxPayload: maxFrameBytes),
          input.count - offset >= whole.totalBytes
        else {
          if offset < input.count { try completeSplit(input, &offset) }
          return nil
        }
        header = whole
        source = .input((offset + whole.headerBytes)..<(offset + whole.totalBytes))
        offset += whole.totalBytes
      } else {
        guard let completed = try completeSplit(input, &offset) else { return nil }
        header = completed
        source = .split(headerBytes: completed.headerBytes)
        splitIsDelivered = true
      }
      if let event = try accept(header, source, input) { return event }
    }
  }

  /// Lends the bytes an event's source stands for; valid until the next call of ``next(_:_:)``.
  package func withPayload<Result>(
    _ source: Source, in input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    switch source {
    case .input(let range): body(UnsafeRawBufferPointer(rebasing: input[range]))
    case .split(let headerBytes): split.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[headerBytes...])) }
    case .fragments: fragments.withUnsafeBytes(body)
    }
  }

  private mutating func forgetDelivered() {
    if splitIsDelivered {
      split.removeAll(keepingCapacity: split.capacity <= Self.keptCapacity)
      splitIsDelivered = false
    }
    if fragmentsAreDelivered {
      fragments.removeAll(keepingCapacity: fragments.capacity <= Self.keptCapacity)
      fragmentsAreDelivered = false
    }
  }

  /// Takes from the input what the split frame still lacks, and not a byte more.
  @discardableResult
  private mutating func completeSplit(
    _ input: UnsafeRawBufferPointer, _ offset: inout Int
  ) throws(WebSocketViolation) -> WebSocketFrameHeader? {
    while true {
      let parsed = split.withUnsafeBytes { bytes in
        Result { () throws(WebSocketViolation) in
          try WebSocketFrameHeader.parse(bytes, at: 0, maxPayload: maxFrameBytes)
        }
      }
      let header = try parsed.get()
      let needed = header?.totalBytes ?? split.withUnsafeBytes { WebSocketFrameHeader.size($0, at: 0) }
      if let header, split.count >= needed { return header }
      let taken = min(needed - split.count, input.count - offset)
      guard taken > 0 else { return nil }
      split.reserveCapacity(needed)
      split.append(contentsOf: input[offset..<(offset + taken)])
      offset += taken
    }
  }

  /// The fragmentation rules of RFC 6455 section 5.4. Nil: a fragment was kept, go on.
  private mutating func accept(
    _ header: WebSocketFrameHeader, _ source: Source, _ input: UnsafeRawBufferPointer
  ) throws(WebSocketViolation) -> Event? {
    switch header.opcode {
    case .ping: return Event(kind: .ping, source: source)
    case .pong: return Event(kind: .pong, source: source)
    case .close: return Event(kind: .close, source: source)
    case .text, .binary:
      guard fragmentKind == nil else { throw .broken("a new message begins inside a fragmented one") }
      guard header.payloadBytes <= maxMessageBytes else { throw .tooLarge }
      let kind: Event.Kind = header.opcode == .text ? .text : .binary
      if header.fin { return Event(kind: kind, source: source) }
      fragmentKind = kind
      collect(source, input)
      return nil
    case .continuation:
      guard let kind = fragmentKind else { throw .broken("a continuation without a message") }
      guard header.payloadBytes <= maxMessageBytes - fragments.count else { throw .tooLarge }
      collect(source, input)
      guard header.fin else { return nil }
      fragmentKind = nil
      fragmentsAreDelivered = true
      return Event(kind: kind, source: .fragments)
    }
  }

  private mutating func collect(_ source: Source, _ input: UnsafeRawBufferPointer) {
    switch source {
    case .input(let range): fragments.append(contentsOf: input[range])
    case .split(let headerBytes): fragments.append(contentsOf: split[headerBytes...])
    case .fragments: break
    }
  }
}
