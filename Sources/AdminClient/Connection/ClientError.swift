/// Why a request could not be sent, or its reply not be read.
package enum ClientError: Error, Equatable {
  /// Nothing answers at this path.
  case cannotConnect(path: String, reason: String)
  /// The connection ended before the reply did.
  case cutOff
  /// Waiting ended before the reply came.
  case timedOut(String)
  /// What came is not the protocol.
  case garbled(String)
  /// The user pressed Ctrl-C.
  case interrupted

  /// One sentence for a person.
  package var message: String {
    switch self {
    case .cannotConnect(let path, let reason): "cannot connect to \(path): \(reason)"
    case .cutOff: "the connection was closed before the reply was whole; whether the command was done is not known"
    case .timedOut(let what): "timed out: \(what)"
    case .garbled(let what): "this is not the admin protocol: \(what)"
    case .interrupted: "interrupted"
    }
  }

  /// What the process exits with.
  package var status: ExitStatus {
    switch self {
    case .cannotConnect, .cutOff, .garbled: .unavailable
    case .timedOut: .timedOut
    case .interrupted: .refused
    }
  }
}
