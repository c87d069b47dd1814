import CNATS
import MarketData

/// One connection of the client library. It reconnects never: losses are counted and dialled again by the link.
///
/// The library's functions may be called from several threads; the connection is destroyed with the last reference.
final class NATSConnection: @unchecked Sendable {
  /// What became of a message handed to the library.
  enum WriteResult {
    case written
    case tooLarge
    case refused
    /// The connection cannot be used any more: part of a message may have been written.
    case broken(LinkFailure)
  }

  let server: ServerAddress
  private let handle: OpaquePointer

  private init(handle: OpaquePointer, server: ServerAddress) {
    self.handle = handle
    self.server = server
  }

  deinit { natsConnection_Destroy(handle) }

  /// Connects to one server; blocks up to the connect timeout.
  static func dial(
    _ server: ServerAddress, settings: LinkSettings, closure: UnsafeMutableRawPointer
  ) throws(LinkFailure) -> NATSConnection {
    var created: OpaquePointer?
    natsOptions_Create(&created)
    guard let options = created else { throw LinkFailure(.protocolError, "the NATS client library is out of memory") }
    defer { natsOptions_Destroy(options) }
    natsOptions_SetURL(options, server.url)
    natsOptions_SetName(options, settings.clientName)
    natsOptions_SetNoRandomize(options, true)
    natsOptions_SetIgnoreDiscoveredServers(options, true)
    natsOptions_SetAllowReconnect(options, false)
    natsOptions_SetTimeout(options, settings.connectTimeout.milliseconds)
    natsOptions_SetWriteDeadline(options, settings.writeDeadline.milliseconds)
    natsOptions_SetPingInterval(options, settings.pingInterval.milliseconds)
    natsOptions_SetMaxPingsOut(options, Int32(clamping: max(1, settings.maximumPingsOut)))
    LinkSignals.register(on: options, closure: closure)
    if server.requiresTLS || !settings.tls.isEmpty {
      // The library connects in the clear to a `tls://` URL unless it is told.
      guard natsOptions_SetSecure(options, true) == NATS_OK,
        natsOptions_SetExpectedHostname(options, server.host) == NATS_OK
      else { throw LinkFailure(.tls, "TLS is not available in the NATS client library (\(server.endpoint))") }
      try settings.tls.load(into: options)
    }
    var connected: OpaquePointer?
    let status = natsConnection_Connect(&connected, options)
    guard status == NATS_OK, let handle = connected else {
      throw DialDiagnosis.failure(of: server, status: status, timeout: settings.connectTimeout)
    }
    return NATSConnection(handle: handle, server: server)
  }

  /// The largest payload the server takes, headers included.
  var maximumPayload: Int { Int(natsConnection_GetMaxPayload(handle)) }

  /// Whether the library has given the connection up.
  var isClosed: Bool { natsConnection_IsClosed(handle) }

  /// The connection as a number, as callbacks name it.
  var identity: UInt { UInt(bitPattern: handle) }

  /// Ends the connection; whoever waits for a flush on it wakes with an error.
  func close() { natsConnection_Close(handle) }

  /// Why the library gave the connection up.
  var lossReason: LinkFailure {
    var text: UnsafePointer<CChar>?
    let status = natsConnection_GetLastError(handle, &text)
    return DialDiagnosis.loss(of: server, status: status, text: text.map { String(cString: $0) } ?? "")
  }

  /// The last error the server reported.
  var lastErrorText: String {
    var text: UnsafePointer<CChar>?
    natsConnection_GetLastError(handle, &text)
    return server.withoutSecrets(text.map { String(cString: $0) } ?? "")
  }

  /// Waits until the server has confirmed everything written before.
  func flush(timeout: Duration) throws(LinkFailure) {
    let status = natsConnection_FlushTimeout(handle, timeout.milliseconds)
    if status == NATS_OK { return }
    if isClosed { throw lossReason }
    throw DialDiagnosis.loss(of: server, status: status, text: "")
  }

  /// The same, with a call of `waiting` before each half second of it.
  func flush(timeout: Duration, waiting: () -> Void) throws(LinkFailure) {
    let end = SystemClock.monotonic() &+ timeout.nanoseconds
    while true {
      waiting()
      let rest = Duration.nanoseconds(max(0, end &- SystemClock.monotonic()))
      do throws(LinkFailure) {
        return try flush(timeout: min(rest, .milliseconds(500)))
      } catch {
        guard error.kind == .timeout, rest > .milliseconds(500), !isClosed else { throw error }
      }
    }
  }

  /// Writes one prepared message into the connection's buffer; blocks up to the write deadline when that is full.
  func publish(_ message: OpaquePointer) -> WriteResult { result(natsConnection_PublishMsg(handle, message)) }

  /// Writes one message without headers.
  func publish(subject: UnsafePointer<CChar>, payload: UnsafeRawBufferPointer) -> WriteResult {
    result(natsConnection_Publish(handle, subject, payload.baseAddress, Int32(clamping: payload.count)))
  }

  private func result(_ status: natsStatus) -> WriteResult {
    switch status {
    case NATS_OK: .written
    case NATS_MAX_PAYLOAD: .tooLarge
    case NATS_INVALID_SUBJECT, NATS_INVALID_ARG, NATS_NO_MEMORY, NATS_NO_SERVER_SUPPORT: .refused
    default: .broken(isClosed ? lossReason : DialDiagnosis.loss(of: server, status: status, text: ""))
    }
  }
}
