/// Why a link is not up, told apart as far as the client library and the system tell it apart.
public struct LinkFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of failure an operator acts on differently.
  public enum Kind: String, Sendable, CaseIterable {
    /// Nothing listens there, or the way to it is closed.
    case unreachable
    /// The name of the server is not known.
    case unresolved
    /// The server did not answer in time.
    case timeout
    /// The server refused the user, password, token or key.
    case authentication
    /// TLS could not be agreed on, or the server's certificate is not trusted.
    case tls
    /// A certificate file cannot be used.
    case certificate
    /// The server announced that it is going away (lame-duck mode).
    case lameDuck = "lame_duck"
    /// The server closed the connection, or the connection broke.
    case closed
    /// The server said something that is not the protocol, or reported an error.
    case protocolError = "protocol_error"
    /// The address is not one.
    case invalidAddress = "invalid_address"
    /// An operator asked for a new connection.
    case requested

    /// Whether the server is away, rather than there and not agreeing with what is configured.
    public var isAbsence: Bool {
      switch self {
      case .unreachable, .unresolved, .timeout, .closed, .lameDuck, .requested: true
      case .authentication, .tls, .certificate, .protocolError, .invalidAddress: false
      }
    }
  }

  /// The kind of failure.
  public var kind: Kind
  /// One line for people: what happened, and in brackets with whom. Never holds a secret.
  public var text: String
  /// The certificate file that is in the way, when one is.
  public var file: TLSFiles.Role?

  /// Creates a failure.
  public init(_ kind: Kind, _ text: String, file: TLSFiles.Role? = nil) {
    self.kind = kind
    self.text = text
    self.file = file
  }

  /// The line for people.
  public var description: String { text }
}
