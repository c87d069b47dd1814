/// A path with places for values: `/api/v1/snapshot/{exchange}/{symbol}`.
struct PathPattern: Sendable {
  enum Segment: Sendable, Equatable {
    case literal(String)
    case value(String)
  }

  let text: String
  let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("{") && part.hasSuffix("}") ? .value(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  /// How many segments are fixed: of two patterns that match, the one with more of them is meant.
  var literals: Int { segments.count { if case .literal = $0 { true } else { false } } }

  /// The values where the path matches; a value is never empty.
  func match(_ path: [String]) -> [String: String]? {
    guard path.count == segments.count else { return nil }
    var values: [String: String] = [:]
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let literal):
        if literal != part { return nil }
      case .value(let name):
        if part.isEmpty { return nil }
        values[name] = part
      }
    }
    return values
  }
}
