/// Encoded events on their way out: one run of bytes and an index of records.
///
/// A session fills it message by message and hands it over once a burst. Subject and message id are NUL-terminated, so
/// that a C client can take them where they stand. The bound on its size is its owner's: a session hands it over at
/// the end of each burst, the outbox refuses what exceeds its limit and counts it.
public struct EncodedEvents: ~Copyable {
  /// Where one event stands.
  public struct Record: Sendable {
    /// The kind of data, for counters and delivery modes.
    public var type: DataType
    /// The instrument's place in its session; means nothing outside it.
    public var instrument: Int
    /// The exchange's id of the event; of a whole book, of the last change in it.
    public var sequence: Int64
    /// Where the subject begins.
    public var offset: Int
    /// Bytes of the subject without its NUL.
    public var subjectLength: Int
    /// Bytes of the message id without its NUL.
    public var messageIDLength: Int
    /// Bytes of the payload.
    public var payloadLength: Int
  }

  /// One event where it stands; valid during the visit only.
  public struct View {
    /// The kind of data.
    public var type: DataType
    /// The NUL-terminated subject.
    public var subject: UnsafePointer<CChar>
    /// The NUL-terminated `Nats-Msg-Id`.
    public var messageID: UnsafePointer<CChar>
    /// The JSON text.
    public var payload: UnsafeRawBufferPointer
  }

  /// The index, in order of arrival.
  public private(set) var records: ContiguousArray<Record> = []
  /// The bytes of all records. Writers go through ``begin(type:)`` and ``finish()``.
  public var writer = ByteWriter(capacity: 4096)
  private var open: Record?

  /// Creates an empty batch.
  public init() {}

  /// Number of events.
  public var count: Int { records.count }

  /// Bytes of all events.
  public var byteCount: Int { writer.count }

  /// Empties the batch; the memory stays.
  public mutating func removeAll() {
    records.removeAll(keepingCapacity: true)
    writer.removeAll()
    open = nil
  }

  /// Begins a record; the caller writes the subject's bytes to ``writer`` next.
  public mutating func begin(type: DataType, instrument: Int = 0, sequence: Int64 = 0) {
    open = Record(
      type: type, instrument: instrument, sequence: sequence, offset: writer.count, subjectLength: 0,
      messageIDLength: 0, payloadLength: 0)
  }

  /// Ends the subject; the caller writes the message id's bytes next.
  public mutating func endSubject() {
    guard let start = open?.offset else { return }
    open?.subjectLength = writer.count - start
    writer.append(0)
  }

  /// Ends the message id; the caller writes the payload's bytes next.
  public mutating func endMessageID() {
    guard let record = open else { return }
    open?.messageIDLength = writer.count - record.offset - record.subjectLength - 1
    writer.append(0)
  }

  /// Ends the payload and with it the record.
  public mutating func finish() {
    guard var record = open else { return }
    record.payloadLength = writer.count - record.offset - record.subjectLength - record.messageIDLength - 2
    records.append(record)
    open = nil
  }

  /// Copies all events of `other` behind its own.
  public mutating func append(contentsOf other: borrowing EncodedEvents) {
    let shift = writer.count
    writer.append(other.writer.bytes)
    records.reserveCapacity(records.count + other.records.count)
    for index in other.records.indices {
      var record = other.records[index]
      record.offset += shift
      records.append(record)
    }
  }

  /// Copies those events of `other` behind its own that `isWanted`.
  public mutating func append(contentsOf other: borrowing EncodedEvents, where isWanted: (Record) -> Bool) {
    for index in other.records.indices {
      var record = other.records[index]
      guard isWanted(record) else { continue }
      let length = record.subjectLength + record.messageIDLength + record.payloadLength + 2
      let start = record.offset
      record.offset = writer.count
      writer.append(UnsafeRawBufferPointer(rebasing: other.writer.bytes[start..<start + length]))
      records.append(record)
    }
  }

  /// The event at `index`, nil when there is none. The pointers are valid until the batch changes.
  public func view(at index: Int) -> View? {
    guard records.indices.contains(index), let base = writer.bytes.baseAddress else { return nil }
    let record = records[index]
    let start = base + record.offset
    let messageID = start + record.subjectLength + 1
    let payload = messageID + record.messageIDLength + 1
    return View(
      type: record.type,
      subject: start.assumingMemoryBound(to: CChar.self),
      messageID: messageID.assumingMemoryBound(to: CChar.self),
      payload: UnsafeRawBufferPointer(start: payload, count: record.payloadLength))
  }
}
