import CNATS

/// Hands events to the client library with their `Nats-Msg-Id` header, allocating nothing per event for common sizes.
///
/// The library's way (create a message, set the header, publish, destroy) allocates some eight times and frees on a
/// garbage-collecting thread of its own: 1.7 µs of CPU an event, most of it not publishing. But publishing only reads
/// a message and copies it into the connection's buffer before it returns. So one message a payload length is kept, and
/// subject, message id and payload are written over in place: memory on the heap which the message owns, with room for
/// the longest subject and id, and for exactly that payload. The library takes the lengths of both texts from their NUL
/// at each publishing; the tests prove it of the linked version. Whatever is longer takes the library's way.
final class MessageWriter {
  private static let headerName = "Nats-Msg-Id"
  private static let subjectRoom = 192
  private static let messageIDRoom = 192
  /// Payloads below this are written in place; bounds the kept messages to about 9 MB when every length occurs.
  private static let keptLengths = 4096

  /// One event where it stands, with NUL-terminated texts.
  struct Event {
    var subject: UnsafePointer<CChar>
    var subjectLength: Int
    var messageID: UnsafePointer<CChar>
    var messageIDLength: Int
    var payload: UnsafeRawBufferPointer
  }

  private struct Kept {
    var message: OpaquePointer
    var subject: UnsafeMutablePointer<CChar>
    var messageID: UnsafeMutablePointer<CChar>
    var payload: UnsafeMutableRawPointer
  }

  private var kept = [Kept?](repeating: nil, count: keptLengths)

  deinit {
    for case .some(let entry) in kept { natsMsg_Destroy(entry.message) }
  }

  /// Writes one event into the connection's buffer.
  func publish(_ event: Event, on connection: NATSConnection) -> NATSConnection.WriteResult {
    guard Self.isSubject(event.subject, event.subjectLength) else { return .refused }
    if event.messageIDLength == 0 { return connection.publish(subject: event.subject, payload: event.payload) }
    guard event.subjectLength < Self.subjectRoom, event.messageIDLength < Self.messageIDRoom,
      let entry = entry(length: event.payload.count)
    else { return publishCopy(event, on: connection) }
    entry.subject.update(from: event.subject, count: event.subjectLength + 1)
    if let source = event.payload.baseAddress { entry.payload.copyMemory(from: source, byteCount: event.payload.count) }
    entry.messageID.update(from: event.messageID, count: event.messageIDLength + 1)
    return connection.publish(entry.message)
  }

  /// Writes one message off the hot path into the connection's buffer.
  func publish(_ message: Mailbox.Message, on connection: NATSConnection) -> NATSConnection.WriteResult {
    message.subject.withCString { subject in
      (message.messageID ?? "").withCString { messageID in
        message.payload.withUnsafeBytes { payload in
          let event = Event(
            subject: subject, subjectLength: message.subject.utf8.count, messageID: messageID,
            messageIDLength: message.messageID?.utf8.count ?? 0, payload: payload)
          return publish(event, on: connection)
        }
      }
    }
  }

  /// A subject with a blank or control byte in it would be read as another command by the server.
  static func isSubject(_ subject: UnsafePointer<CChar>, _ length: Int) -> Bool {
    guard length > 0 else { return false }
    for index in 0..<length where UInt8(bitPattern: subject[index]) <= 0x20 { return false }
    return true
  }

  private func entry(length: Int) -> Kept? {
    guard length > 0, length < Self.keptLengths else { return nil }
    if let entry = kept[length] { return entry }
    let longest = String(repeating: "x", count: Self.subjectRoom)
    let blank = [CChar](repeating: 0x20, count: length)
    var created: OpaquePointer?
    natsMsg_Create(&created, longest, nil, blank, Int32(length))
    guard let message = created else { return nil }
    var value: UnsafePointer<CChar>?
    natsMsgHeader_Set(message, Self.headerName, String(repeating: "x", count: Self.messageIDRoom))
    natsMsgHeader_Get(message, Self.headerName, &value)
    guard let subject = natsMsg_GetSubject(message), let payload = natsMsg_GetData(message), let value else {
      natsMsg_Destroy(message)
      return nil
    }
    let entry = Kept(
      message: message, subject: UnsafeMutablePointer(mutating: subject),
      messageID: UnsafeMutablePointer(mutating: value), payload: UnsafeMutableRawPointer(mutating: payload))
    kept[length] = entry
    return entry
  }

  private func publishCopy(_ event: Event, on connection: NATSConnection) -> NATSConnection.WriteResult {
    guard let length = Int32(exactly: event.payload.count) else { return .tooLarge }
    var created: OpaquePointer?
    let data = event.payload.baseAddress?.assumingMemoryBound(to: CChar.self)
    natsMsg_Create(&created, event.subject, nil, data, length)
    guard let message = created else { return .refused }
    defer { natsMsg_Destroy(message) }
    guard natsMsgHeader_Set(message, Self.headerName, event.messageID) == NATS_OK else { return .refused }
    return connection.publish(message)
  }
}
