/// What is wrong with the text of a URL.
public struct WebSocketURLError: Error, Equatable, Sendable, CustomStringConvertible {
  /// One sentence without the URL itself, which may hold a secret.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Cuts the text of a URL from left to right.
struct WebSocketURLParser {
  private var rest: Substring

  init(_ text: String) {
    rest = text[...]
  }

  mutating func parse() throws(WebSocketURLError) -> WebSocketURL {
    let isSecure = try takeScheme()
    let authority = take { $0 != "/" && $0 != "?" && $0 != "#" }
    let (host, port) = try Self.splitAuthority(authority)
    var path = String(take { $0 != "?" && $0 != "#" })
    if path.isEmpty { path = "/" }
    var query = ""
    if rest.first == "?" {
      rest.removeFirst()
      query = String(take { $0 != "#" })
    }
    guard rest.isEmpty else { throw WebSocketURLError("a fragment (#…) has no meaning in a WebSocket URL") }
    try Self.validateTarget(path, part: "path", forbidden: [])
    try Self.validateTarget(query, part: "query", forbidden: [])
    return WebSocketURL(isSecure: isSecure, host: host, port: port ?? (isSecure ? 443 : 80), path: path, query: query)
  }

  private mutating func take(while condition: (Character) -> Bool) -> Substring {
    let taken = rest.prefix(while: condition)
    rest = rest[taken.endIndex...]
    return taken
  }

  private mutating func takeScheme() throws(WebSocketURLError) -> Bool {
    let scheme = take { $0 != ":" && $0 != "/" }
    guard rest.hasPrefix("://") else { throw WebSocketURLError("the scheme is missing; write ws://… or wss://…") }
    rest = rest.dropFirst(3)
    switch scheme.lowercased() {
    case "ws": return false
    case "wss": return true
    default: throw WebSocketURLError("the scheme must be ws or wss")
    }
  }

  private static func splitAuthority(_ authority: Substring) throws(WebSocketURLError) -> (String, Int?) {
    guard !authority.contains("@") else { throw WebSocketURLError("a user name or password is not allowed in the URL") }
    guard authority.first == "[" else {
      let host = authority.prefix { $0 != ":" }
      try validateName(host)
      return (String(host), try port(authority[host.endIndex...]))
    }
    guard let end = authority.firstIndex(of: "]") else {
      throw WebSocketURLError("the IPv6 address has no closing bracket")
    }
    let address = authority[authority.index(after: authority.startIndex)..<end]
    let isAddress = address.utf8.contains(UInt8(ascii: ":")) && address.utf8.allSatisfy(isAddressByte)
    guard isAddress else { throw WebSocketURLError("what stands in brackets is no IPv6 address") }
    return (String(address), try port(authority[authority.index(after: end)...]))
  }

  private static func port(_ text: Substring) throws(WebSocketURLError) -> Int? {
    guard let first = text.first else { return nil }
    guard first == ":" else { throw WebSocketURLError("unexpected text after the host") }
    let digits = text.dropFirst()
    let isNumber = !digits.isEmpty && digits.utf8.count <= 5 && digits.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    guard isNumber, let port = Int(digits), port >= 1, port <= 65_535 else {
      throw WebSocketURLError("the port must be a number from 1 to 65535")
    }
    return port
  }

  private static func validateName(_ host: Substring) throws(WebSocketURLError) {
    guard !host.isEmpty else { throw WebSocketURLError("the host is missing") }
    let isValid = host.utf8.count <= 253 && host.utf8.allSatisfy(isNameByte)
    guard isValid else {
      throw WebSocketURLError("the host may hold letters, digits, dots, hyphens and underscores only")
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isAddressByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  /// Spaces, control bytes and non-ASCII would let a URL forge request headers or be read differently by a proxy.
  static func validateTarget(
    _ text: String, part: String, forbidden: [Character]
  ) throws(WebSocketURLError) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains(where: forbidden.contains) else {
      throw WebSocketURLError("the \(part) holds a character that must be percent-encoded")
    }
  }
}
