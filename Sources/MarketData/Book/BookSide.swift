/// One side of an order book: a sorted contiguous run of levels with the best price at its end, so that the usual change,
/// near the best price, moves little memory.
///
/// Prices are kept as integers at one scale for the whole side, in an array of their own so that the search touches
/// nothing else; asks are kept negated, which makes «better» mean «greater» on both sides.
struct BookSide: ~Copyable {
  // The memory and its count are changed here and in `makeEdits()` only.
  var keys: UnsafeMutablePointer<Int64>
  var entries: UnsafeMutablePointer<BookEntry>
  var capacity: Int
  var count = 0
  /// Insertions and removals of the message at hand; none between two messages.
  var edits = BookEdits()
  private var scale: UInt8 = 0
  private let isAsk: Bool
  /// Where the last change was made; changes of one message are sorted, so the next is near.
  private var hint = 0

  init(isAsk: Bool, capacity: Int = 1024) {
    self.isAsk = isAsk
    self.capacity = capacity
    keys = .allocate(capacity: capacity)
    entries = .allocate(capacity: capacity)
  }

  deinit {
    keys.deallocate()
    entries.deallocate()
  }

  mutating func removeAll() {
    count = 0
    scale = 0
    hint = 0
  }

  /// The level at `distance` from the best, nil when there are fewer.
  func level(fromBest distance: Int) -> BookLevel? {
    guard distance >= 0, distance < count else { return nil }
    return level(at: count - 1 - distance)
  }

  private func level(at index: Int) -> BookLevel {
    let entry = entries[index]
    let mantissa = isAsk ? 0 &- keys[index] : keys[index]
    var price = FixedDecimal(mantissa: mantissa, scale: scale)
    if entry.priceScale != scale, let written = price.mantissa(atScale: entry.priceScale) {
      price = FixedDecimal(mantissa: written, scale: entry.priceScale)
    }
    price.trailingZeros = entry.priceZeros
    return BookLevel(
      price: price,
      quantity: FixedDecimal(
        mantissa: entry.quantity, scale: entry.quantityScale, trailingZeros: entry.quantityZeros))
  }

  /// Sets, replaces and removes levels, as if one after another.
  ///
  /// Quantities at prices already there change at once; insertions and removals are collected and made together, because
  /// each by itself would move everything up to the best price.
  ///
  /// - Returns: false when a price cannot be held at one scale with the prices already there; the levels before it are
  ///   applied then.
  mutating func apply(_ levels: UnsafeBufferPointer<BookLevel>) -> Bool {
    for level in levels {
      var mantissa = level.priceMantissa
      if level.priceScale != scale {
        guard let aligned = align(level.price) else {
          makeEdits()
          return false
        }
        mantissa = aligned
      }
      let key = isAsk ? 0 &- mantissa : mantissa
      if !edits.admits(key) { makeEdits() }
      let index = position(of: key)
      hint = index
      if index < count, keys[index] == key {
        if level.quantityMantissa == 0 {
          edits.append(.init(key: key, index: index, inserted: nil))
        } else {
          entries[index] = BookEntry(level)
        }
      } else if level.quantityMantissa != 0 {
        edits.append(.init(key: key, index: index, inserted: BookEntry(level)))
      }
    }
    makeEdits()
    return true
  }

  /// The index of the first key that is not smaller: from the last place outward in doubling steps, then halving.
  @inline(__always)
  private func position(of key: Int64) -> Int {
    var low = 0
    var high = count
    let start = min(hint, count)
    var step = 1
    if start < count, keys[start] < key {
      low = start + 1
      while low + step <= count, keys[low + step - 1] < key {
        low += step
        step &*= 2
      }
      high = min(count, low + step - 1)
    } else {
      high = start
      while high - step >= 0, keys[high - step] >= key {
        high -= step
        step &*= 2
      }
      low = max(0, high - step + 1)
    }
    // Halving without a branch on the comparison, which no processor can foresee.
    var length = high &- low
    while length > 1 {
      let half = length &>> 1
      low &+= keys[low &+ half &- 1] < key ? half : 0
      length &-= half
    }
    if length == 1, keys[low] < key { low &+= 1 }
    return low
  }

  /// Drops the `surplus` levels farthest from the best.
  mutating func dropWorst(_ surplus: Int) {
    let dropped = min(max(0, surplus), count)
    guard dropped > 0 else { return }
    let rest = count - dropped
    UnsafeMutableRawPointer(keys).copyMemory(from: keys + dropped, byteCount: rest * MemoryLayout<Int64>.stride)
    UnsafeMutableRawPointer(entries).copyMemory(
      from: entries + dropped, byteCount: rest * MemoryLayout<BookEntry>.stride)
    count = rest
    hint = 0
  }

  /// The price's mantissa at the side's scale; a price with more decimals raises the scale of the whole side first.
  private mutating func align(_ price: FixedDecimal) -> Int64? {
    if count == 0, edits.count == 0 {
      scale = price.scale
      return price.mantissa
    }
    if price.scale <= scale { return price.mantissa(atScale: scale) }
    makeEdits()
    let factor = FixedDecimal(mantissa: 1, scale: scale).mantissa(atScale: price.scale) ?? 0
    // The worst and the best level hold the extremes: when both fit at the new scale, all do.
    if count > 0 {
      let worst = keys[0].multipliedReportingOverflow(by: factor)
      let best = keys[count - 1].multipliedReportingOverflow(by: factor)
      if worst.overflow || best.overflow { return nil }
    }
    for index in 0..<count { keys[index] &*= factor }
    scale = price.scale
    return price.mantissa
  }
}
