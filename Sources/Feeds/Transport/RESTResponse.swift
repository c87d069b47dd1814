public import NIOCore

/// A whole response of a venue's REST interface.
public struct RESTResponse: Sendable {
  /// The HTTP status.
  public let status: Int
  /// As received, in order.
  public let headers: [(String, String)]
  /// The pause asked for in seconds; nil when absent or no number (the date form is not used by venues).
  public let retryAfter: Duration?
  /// The weight the venue has counted for this address in its current minute (`X-MBX-USED-WEIGHT-1M`).
  public let usedWeight: Int?
  /// The body.
  public let body: ByteBuffer

  package init(status: Int, headers: [(String, String)], body: ByteBuffer) {
    self.status = status
    self.headers = headers
    self.body = body
    retryAfter = Self.number("retry-after", in: headers).map { .seconds($0) }
    usedWeight = Self.number("x-mbx-used-weight-1m", in: headers)
  }

  /// A count up to ten digits: more is nonsense and could overflow what it is added to.
  private static func number(_ name: String, in headers: [(String, String)]) -> Int? {
    guard let text = headers.first(where: { $0.0.lowercased() == name })?.1 else { return nil }
    let isNumber = (1...10).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    return isNumber ? Int(text) : nil
  }
}

/// Why there is no response.
public enum RESTError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The deadline passed before the last byte of the body.
  case timeout
  /// The body exceeds the bound.
  case tooLarge
  /// Name resolution, TCP, TLS or HTTP failed.
  case transport(String)

  /// One line for a log.
  public var description: String {
    switch self {
    case .timeout: "timed out"
    case .tooLarge: "the response is too large"
    case .transport(let text): "transport failed: \(text)"
    }
  }
}
