/// Where a WebSocket connection goes: `ws://host[:port][/path][?query]` or `wss://…`.
///
/// Only printable ASCII is accepted, so that nothing in a URL can break out of the request line. User information
/// and fragments are refused. The description leaves the query out, because it may carry a listen key.
///
///     let base = try WebSocketURL("wss://fstream.binance.com")
///     let url = try base.appending(path: "public/stream", query: "streams=btcusdt@trade")
public struct WebSocketURL: Equatable, Hashable, Sendable {
  /// Whether the scheme is `wss`.
  public var isSecure: Bool
  /// A name or an address; IPv6 without its brackets.
  public var host: String
  /// 80 for `ws` and 443 for `wss` unless the text says otherwise.
  public var port: Int
  /// Begins with a slash.
  public var path: String
  /// Without the question mark; empty when there is none.
  public var query: String

  /// Parses a URL.
  /// - Throws: ``WebSocketURLError`` that says what is wrong.
  public init(_ text: String) throws(WebSocketURLError) {
    var parser = WebSocketURLParser(text)
    self = try parser.parse()
  }

  init(isSecure: Bool, host: String, port: Int, path: String, query: String) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.path = path
    self.query = query
  }

  /// The same endpoint with a path added to its own and a query added to its own.
  ///
  /// - Parameters:
  ///   - path: Joined with exactly one slash; empty keeps the path.
  ///   - query: Joined with `&` when there is a query already; empty keeps the query.
  public func appending(path: String, query: String = "") throws(WebSocketURLError) -> WebSocketURL {
    try WebSocketURLParser.validateTarget(path, part: "path", forbidden: ["?", "#"])
    try WebSocketURLParser.validateTarget(query, part: "query", forbidden: ["#"])
    var result = self
    if !path.isEmpty {
      let base = self.path.hasSuffix("/") ? String(self.path.dropLast()) : self.path
      result.path = path.hasPrefix("/") ? base + path : base + "/" + path
    }
    if !query.isEmpty {
      result.query = self.query.isEmpty ? query : self.query + "&" + query
    }
    return result
  }

  /// What the request line asks for.
  package var requestTarget: String {
    query.isEmpty ? path : path + "?" + query
  }

  /// The value of the `Host` header: the port is left out when it is the scheme's own.
  package var hostHeader: String {
    let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }
}

extension WebSocketURL: CustomStringConvertible {
  /// Scheme, host, port and path; never the query.
  public var description: String {
    "\(isSecure ? "wss" : "ws")://\(hostHeader)\(path)"
  }
}
