import CNATS
import Glibc

/// Turns the client library's statuses into reasons an operator can act on.
///
/// The library says «no server available» for a refused connection, an unknown name and a dead route alike. After such
/// an answer the address is tried once more with plain system calls to learn which it was.
enum DialDiagnosis {
  /// Why a dial failed.
  static func failure(of server: ServerAddress, status: natsStatus, timeout: Duration) -> LinkFailure {
    let place = "(\(server.endpoint))"
    let detail = nats_GetLastError(nil).map { server.withoutSecrets(plain(String(cString: $0))) } ?? ""
    switch status {
    case NATS_CONNECTION_AUTH_FAILED:
      return refusal(detail, place)
    case NATS_TIMEOUT:
      return LinkFailure(.timeout, "no answer in time \(place)")
    case NATS_SSL_ERROR, NATS_SECURE_CONNECTION_WANTED, NATS_SECURE_CONNECTION_REQUIRED:
      return LinkFailure(.tls, "TLS: \(tlsReason(detail, or: text(of: status))) \(place)")
    case NATS_INVALID_ARG, NATS_ADDRESS_MISSING:
      return LinkFailure(.invalidAddress, "\(lowercasedFirst(detail, or: "not a NATS address")) \(place)")
    case NATS_NO_SERVER, NATS_IO_ERROR, NATS_SYS_ERROR, NATS_CONNECTION_CLOSED:
      return tryAddress(server, timeout: timeout) ?? LinkFailure(.closed, "the server closed the connection \(place)")
    default:
      return LinkFailure(.protocolError, "\(lowercasedFirst(detail, or: text(of: status))) \(place)")
    }
  }

  /// Why a connection that stood was lost.
  static func loss(of server: ServerAddress, status: natsStatus, text detail: String) -> LinkFailure {
    let place = "(\(server.endpoint))"
    let detail = server.withoutSecrets(plain(detail))
    let lowered = detail.lowercased()
    if status == NATS_CONNECTION_AUTH_FAILED || lowered.contains("authorization") || lowered.contains("authentication")
    {
      return refusal(detail, place)
    }
    switch status {
    case NATS_STALE_CONNECTION, NATS_TIMEOUT:
      return LinkFailure(.timeout, "the server stopped answering \(place)")
    case NATS_OK, NATS_IO_ERROR, NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED:
      return LinkFailure(.closed, "the server closed the connection \(place)")
    case NATS_SSL_ERROR:
      return LinkFailure(.tls, "TLS: \(tlsReason(detail, or: text(of: status))) \(place)")
    default:
      return LinkFailure(.protocolError, "\(lowercasedFirst(detail, or: text(of: status))) \(place)")
    }
  }

  private static func refusal(_ detail: String, _ place: String) -> LinkFailure {
    let reason = detail.isEmpty ? "authorization violation" : detail.lowercased()
    return LinkFailure(.authentication, "\(reason) \(place)")
  }

  private static func text(of status: natsStatus) -> String {
    natsStatus_GetText(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
  }

  /// Without the library's own place, `(conn.c:1905): `.
  static func plain(_ text: String) -> String {
    guard text.hasPrefix("("), let end = text.firstRange(of: "): ") else { return text }
    return String(text[end.upperBound...])
  }

  /// What the library says of a certificate it does not trust has OpenSSL's number before the reason and details behind
  /// it: `SSL handshake error: 62:hostname mismatch:expected=…`, `…: 20:unable to get local issuer certificate:depth=0:…`.
  private static func tlsReason(_ detail: String, or other: String) -> String {
    guard let start = detail.firstRange(of: "error: ") else { return lowercasedFirst(detail, or: other) }
    let parts = detail[start.upperBound...].split(separator: ":", maxSplits: 2)
    guard parts.count == 3, parts[0].allSatisfy(\.isNumber) else { return lowercasedFirst(detail, or: other) }
    return "the server's certificate is not trusted: \(parts[1])"
  }

  private static func lowercasedFirst(_ text: String, or other: String) -> String {
    let chosen = text.isEmpty ? other : text
    // An abbreviation stays one.
    if chosen.dropFirst().first?.isUppercase == true { return chosen }
    return chosen.prefix(1).lowercased() + chosen.dropFirst()
  }
}

// MARK: - Plain system calls

extension DialDiagnosis {
  /// Connects and closes; nil when that works.
  private static func tryAddress(_ server: ServerAddress, timeout: Duration) -> LinkFailure? {
    let place = "(\(server.endpoint))"
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(server.host, server.port, &hints, &found)
    guard status == 0, let first = found else {
      return LinkFailure(
        .unresolved, "\(lowercasedFirst(String(cString: gai_strerror(status)), or: "unknown")) \(place)")
    }
    defer { freeaddrinfo(first) }
    let deadline = SystemClock.monotonic() &+ timeout.nanoseconds
    var reason: Int32 = 0
    for address in sequence(first: first, next: { $0.pointee.ai_next }) {
      reason = connectError(address.pointee, deadline: deadline)
      if reason == 0 { return nil }
    }
    let text = lowercasedFirst(String(cString: strerror(reason)), or: "unreachable")
    return LinkFailure(reason == ETIMEDOUT ? .timeout : .unreachable, "\(text) \(place)")
  }

  private static func connectError(_ address: addrinfo, deadline: Int64) -> Int32 {
    let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, type, address.ai_protocol)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
    guard errno == EINPROGRESS else { return errno }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let rest = max(0, (deadline &- SystemClock.monotonic()) / 1_000_000)
    guard poll(&waiting, 1, Int32(clamping: rest)) > 0 else { return ETIMEDOUT }
    var reason: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &length)
    return reason
  }
}
