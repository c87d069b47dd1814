import MarketData

/// A book side as one would write it without a thought for speed: a dictionary, sorted when asked.
struct ReferenceSide {
  /// By price in units of 10^-8.
  private(set) var levels: [Int64: BookLevel] = [:]
  let isAsk: Bool

  mutating func apply(_ level: BookLevel) {
    guard let key = level.price.mantissa(atScale: 8) else { return }
    levels[key] = level.quantity.isZero ? nil : level
  }

  /// All levels, best first, with the digits they were last written with.
  var sorted: [String] {
    levels.sorted { isAsk ? $0.key < $1.key : $0.key > $1.key }.map { "\($0.value.price)x\($0.value.quantity)" }
  }

  /// Drops the worst levels beyond `bound` and says how many.
  mutating func cut(to bound: Int) -> Int {
    let surplus = levels.keys.sorted { isAsk ? $0 > $1 : $0 < $1 }.prefix(max(0, levels.count - bound))
    for key in surplus { levels[key] = nil }
    return surplus.count
  }
}
