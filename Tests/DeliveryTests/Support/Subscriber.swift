import CNATS
import Testing

/// A subscription of its own, through the client library.
final class Subscriber {
  struct Message: Equatable {
    var subject: String
    var messageID: String?
    var payload: String
  }

  private var connection: OpaquePointer?
  private var subscription: OpaquePointer?

  init(url: String, subject: String = ">") throws {
    try #require(natsConnection_ConnectTo(&connection, url) == NATS_OK)
    try #require(natsConnection_SubscribeSync(&subscription, connection, subject) == NATS_OK)
    natsSubscription_SetPendingLimits(subscription, -1, -1)
    try #require(natsConnection_FlushTimeout(connection, 5000) == NATS_OK)
  }

  deinit {
    natsSubscription_Destroy(subscription)
    natsConnection_Destroy(connection)
  }

  /// The next message, nil when none comes in time.
  func next(timeoutMilliseconds: Int64 = 5000) -> Message? {
    var message: OpaquePointer?
    guard natsSubscription_NextMsg(&message, subscription, timeoutMilliseconds) == NATS_OK else { return nil }
    defer { natsMsg_Destroy(message) }
    var id: UnsafePointer<CChar>?
    natsMsgHeader_Get(message, "Nats-Msg-Id", &id)
    let count = Int(natsMsg_GetDataLength(message))
    let bytes = UnsafeRawBufferPointer(start: natsMsg_GetData(message), count: count)
    return Message(
      subject: natsMsg_GetSubject(message).map { String(cString: $0) } ?? "",
      messageID: id.map { String(cString: $0) }, payload: String(decoding: bytes, as: UTF8.self))
  }
}
