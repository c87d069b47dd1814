import MarketData

/// Everything that reaches the delivery thread from outside, under one lock so that it sleeps in one place.
struct Mailbox: ~Copyable {
  /// A message off the hot path.
  struct Message: Sendable {
    var subject: String
    var payload: [UInt8]
    var messageID: String?
  }

  /// What was asked for since the thread last looked.
  struct Orders: Sendable {
    var reconnect = false
    var replacement: LinkSettings?
    /// Steps from one connection to another opened beside it.
    var switches: [SwitchOrder] = []
    /// When the stop must be over, on the monotonic clock.
    var stopBy: Int64?
    var messages: [Message] = []
    /// A callback of the client library or a finished confirmation: look at the connection.
    var look = false

    var isEmpty: Bool {
      !reconnect && replacement == nil && switches.isEmpty && stopBy == nil && messages.isEmpty && !look
    }
  }

  static let messageLimit = 256

  var outbox: Outbox
  var orders = Orders()
  /// Whether the thread sleeps for events too; while it gathers, an event does not wake it.
  var isListening = false
  /// The thread is gone or never comes back for more.
  var isClosed = false

  init(capacity: Int) { outbox = Outbox(capacity: capacity) }
}
