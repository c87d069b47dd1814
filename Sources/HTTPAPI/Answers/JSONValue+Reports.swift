import AdminProtocol
import Agent
import MarketData

extension JSONValue {
  /// A time as RFC 3339, null where there is none.
  init(_ time: Timestamp?) { self = time.map { .string($0.rfc3339) } ?? .null }

  /// A text, null where there is none.
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  /// A count.
  init(_ count: Int) { self = .int(Int64(count)) }

  /// Texts.
  init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }

  /// Whole seconds; what is no number (or absurd) reads as 0.
  init(wholeSeconds seconds: Double) { self = .int(Int64(exactly: seconds.rounded(.down)) ?? 0) }
}

extension HealthState {
  /// The state in the words of `GET /health`.
  var word: String {
    switch self {
    case .ok: "healthy"
    case .degraded: "degraded"
    case .starting, .failing, .draining: "unhealthy"
    }
  }
}
