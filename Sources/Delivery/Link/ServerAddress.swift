/// A server's URL taken apart, so that nothing but the part without secrets is ever shown.
package struct ServerAddress: Sendable, Equatable {
  /// The URL as configured, secrets included; goes to the client library only.
  package let url: String
  /// `tls` or `nats`.
  package let scheme: String
  /// Host name or address, without brackets.
  package let host: String
  /// The port, 4222 when the URL names none; kept as text, since the client library is who judges it.
  package let port: String
  private let userInfo: String?

  package init(_ url: String) {
    self.url = url
    var rest = url[...]
    var scheme = "nats"
    if let separator = rest.firstRange(of: "://") {
      scheme = rest[..<separator.lowerBound].lowercased()
      rest = rest[separator.upperBound...]
    }
    self.scheme = scheme
    // The last @: a password may hold one, a host cannot. A path has no meaning to NATS; it is not shown.
    if let at = rest.lastIndex(of: "@") {
      userInfo = String(rest[..<at])
      rest = rest[rest.index(after: at)...]
    } else {
      userInfo = nil
    }
    rest = rest.prefix { $0 != "/" && $0 != "?" }
    if rest.first == "[", let end = rest.firstIndex(of: "]") {
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      let tail = rest[rest.index(after: end)...]
      port = tail.first == ":" ? String(tail.dropFirst()) : "4222"
    } else if let colon = rest.lastIndex(of: ":") {
      host = String(rest[..<colon])
      port = String(rest[rest.index(after: colon)...])
    } else {
      host = String(rest)
      port = "4222"
    }
  }

  /// Whether the connection must be encrypted.
  package var requiresTLS: Bool { scheme == "tls" }

  /// `host:port`, brackets around an IPv6 address.
  package var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// The URL without user, password or token.
  package var redacted: String { "\(scheme)://\(endpoint)" }

  /// The text, unless it repeats a secret of this URL.
  package func withoutSecrets(_ text: String) -> String {
    guard let userInfo, !userInfo.isEmpty else { return text }
    let secrets = [userInfo] + userInfo.split(separator: ":", maxSplits: 1).map(String.init)
    return secrets.contains(where: text.contains) ? "(withheld: names credentials)" : text
  }
}
