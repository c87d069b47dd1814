/// The certificate files of a link, in PEM format. With any of them TLS is required, whatever the URL's scheme says.
public struct TLSFiles: Sendable, Equatable {
  /// One of the files; the raw value is the name of its key in the section `nats.tls` of the configuration.
  public enum Role: String, Sendable, CaseIterable {
    /// The authorities that are trusted.
    case authorities = "ca_file"
    /// The certificate shown to the server.
    case certificate = "cert_file"
    /// The key of that certificate.
    case key = "key_file"
  }

  /// The file of the authorities that are trusted. The client library trusts the system's too and offers no way out.
  public var authorities: String?
  /// The file of the certificate shown to the server, its issuers behind it.
  public var certificate: String?
  /// The file of the certificate's key, not encrypted.
  public var key: String?

  /// Creates a set of files.
  public init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
    self.authorities = authorities
    self.certificate = certificate
    self.key = key
  }

  /// Whether no file is named.
  public var isEmpty: Bool { authorities == nil && certificate == nil && key == nil }
}
