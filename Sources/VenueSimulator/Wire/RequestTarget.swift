/// The path and query of a request, percent-decoded.
package struct RequestTarget: Sendable, Equatable {
  package let path: String
  package let query: [String: String]

  package init(_ uri: String) {
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = Self.decode(parts.first ?? "")
    var query: [String: String] = [:]
    for pair in (parts.count == 2 ? parts[1] : "").split(separator: "&").prefix(64) {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if let key = sides.first { query[Self.decode(key)] = sides.count == 2 ? Self.decode(sides[1]) : "" }
    }
    self.query = query
  }

  private static func decode(_ text: Substring) -> String {
    guard text.utf8.contains(0x25) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A WebSocket path: which market, which of USD-M's routes, and the streams named in it.
package struct StreamTarget: Sendable, Equatable {
  /// USD-M's split of streams over paths.
  package enum Route: Sendable, Equatable {
    case all
    case publicStreams
    case marketStreams
  }

  package let market: SimulatedMarket
  package let route: Route
  /// Whether messages come in the `{"stream","data"}` envelope.
  package let isCombined: Bool
  package let streams: [String]

  /// Nil for a path on which no streams are served.
  package init?(uri: String) {
    let target = RequestTarget(uri)
    var parts = target.path.split(separator: "/")[...]
    guard let market = parts.popFirst().flatMap({ SimulatedMarket(rawValue: String($0)) }) else { return nil }
    self.market = market
    if market == .usdm, let first = parts.first, first == "public" || first == "market" {
      route = first == "public" ? .publicStreams : .marketStreams
      parts = parts.dropFirst()
    } else {
      route = .all
    }
    switch parts.popFirst() {
    case "stream" where parts.isEmpty:
      isCombined = true
      streams = (target.query["streams"] ?? "").split(separator: "/").map(String.init)
    case "ws":
      isCombined = false
      streams = parts.map(String.init)
    default:
      return nil
    }
  }

  /// Whether the route carries the stream.
  package func carries(_ stream: StreamName) -> Bool {
    switch route {
    case .all: true
    case .publicStreams: stream.isPublicRoute
    case .marketStreams: !stream.isPublicRoute
    }
  }
}
