/// Finds the name somebody meant when writing another one.
enum Suggestion {
  /// ` (did you mean «ticker»?)`, or nothing when no candidate is near.
  static func phrase(for name: String, among candidates: [String], beginnings: Bool = true) -> String {
    nearest(to: name, among: candidates, beginnings: beginnings).map { " (did you mean «\($0)»?)" } ?? ""
  }

  /// The candidate with the fewest edits, when they are few for the length of the name; with `beginnings`, one that
  /// stands at the head of the name (or the name at its head) counts as one edit away.
  static func nearest(to name: String, among candidates: [String], beginnings: Bool) -> String? {
    // A name this long is no slip of the fingers, and the distance costs length × length.
    guard !name.isEmpty, name.utf8.count <= 64 else { return nil }
    let written = normalised(name)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let meant = normalised(candidate)
      var edits = distance(written, meant)
      // `binance_spot` for `binance`, `connection` for `connections`: one stands at the head of the other.
      if beginnings, min(written.count, meant.count) >= 4, written.starts(with: meant) || meant.starts(with: written) {
        edits = min(edits, 1)
      }
      if edits <= max(1, candidate.utf8.count / 3), edits < (best?.distance ?? .max) {
        best = (candidate, edits)
      }
    }
    return best?.candidate
  }

  /// Lower case, with `-` for `_`: slips in these count as none.
  private static func normalised(_ name: String) -> [UInt8] {
    name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "-"): UInt8(ascii: "_")
      default: byte
      }
    }
  }

  /// Damerau's distance (optimal string alignment): insertions, deletions, replacements, and swapped neighbours.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let replaced = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var edits = min(replaced, previous[column] + 1, current[column - 1] + 1)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          edits = min(edits, beforePrevious[column - 2] + 1)
        }
        current[column] = edits
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
