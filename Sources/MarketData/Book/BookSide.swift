/// One side of an order book: a sorted contiguous run of levels with the best price at its end, so that the usual change,
/// near the best price, moves little memory.
///
/// Prices are kept as integers at one scale for the whole side, in an array of their own so that the search touches
/// nothing else; asks are kept negated, which makes «better» mean «greater» on both sides.
struct BookSide: ~Copyable {
  /// What stands beside a price.
  struct Entry {
    var quantity: Int64
    var quantityScale: UInt8
    var quantityZeros: UInt8
    /// The price as the exchange wrote it, where its digits differ from the side's scale.
    var priceScale: UInt8
    var priceZeros: UInt8
  }

  private var keys: UnsafeMutablePointer<Int64>
  private var entries: UnsafeMutablePointer<Entry>
  private var capacity: Int
  private(set) var count = 0
  private(set) var scale: UInt8 = 0
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

  /// Sets, replaces or removes one level.
  ///
  /// - Returns: false when the price cannot be held at one scale with the prices already there; nothing has changed then.
  @inline(__always)
  mutating func apply(_ level: BookLevel) -> Bool {
    var mantissa = level.priceMantissa
    if level.priceScale != scale {
      guard let aligned = align(level.price) else { return false }
      mantissa = aligned
    }
    let key = isAsk ? 0 &- mantissa : mantissa
    let index = position(of: key)
    hint = index
    if level.quantityMantissa == 0 {
      if index < count, keys[index] == key { remove(at: index) }
      return true
    }
    if index == count || keys[index] != key { insert(key, at: index) }
    entries[index] = Entry(
      quantity: level.quantityMantissa, quantityScale: level.quantityScale, quantityZeros: level.quantityZeros,
      priceScale: level.priceScale, priceZeros: level.priceZeros)
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
    while low < high {
      let middle = (low &+ high) / 2
      if keys[middle] < key { low = middle &+ 1 } else { high = middle }
    }
    return low
  }

  private mutating func insert(_ key: Int64, at index: Int) {
    if count == capacity { grow() }
    let tail = count - index
    if tail > 0 {
      UnsafeMutableRawPointer(keys + index + 1).copyMemory(
        from: keys + index, byteCount: tail * MemoryLayout<Int64>.stride)
      UnsafeMutableRawPointer(entries + index + 1).copyMemory(
        from: entries + index, byteCount: tail * MemoryLayout<Entry>.stride)
    }
    keys[index] = key
    count += 1
  }

  private mutating func remove(at index: Int) {
    let tail = count - index - 1
    if tail > 0 {
      UnsafeMutableRawPointer(keys + index).copyMemory(
        from: keys + index + 1, byteCount: tail * MemoryLayout<Int64>.stride)
      UnsafeMutableRawPointer(entries + index).copyMemory(
        from: entries + index + 1, byteCount: tail * MemoryLayout<Entry>.stride)
    }
    count -= 1
  }

  /// Drops the `surplus` levels farthest from the best.
  mutating func dropWorst(_ surplus: Int) {
    let dropped = min(max(0, surplus), count)
    guard dropped > 0 else { return }
    let rest = count - dropped
    UnsafeMutableRawPointer(keys).copyMemory(from: keys + dropped, byteCount: rest * MemoryLayout<Int64>.stride)
    UnsafeMutableRawPointer(entries).copyMemory(
      from: entries + dropped, byteCount: rest * MemoryLayout<Entry>.stride)
    count = rest
    hint = 0
  }

  private mutating func grow() {
    let newCapacity = capacity * 2
    let newKeys = UnsafeMutablePointer<Int64>.allocate(capacity: newCapacity)
    let newEntries = UnsafeMutablePointer<Entry>.allocate(capacity: newCapacity)
    newKeys.update(from: keys, count: count)
    newEntries.update(from: entries, count: count)
    keys.deallocate()
    entries.deallocate()
    keys = newKeys
    entries = newEntries
    capacity = newCapacity
  }

  /// The price's mantissa at the side's scale; a price with more decimals raises the scale of the whole side first.
  private mutating func align(_ price: FixedDecimal) -> Int64? {
    if count == 0 {
      scale = price.scale
      return price.mantissa
    }
    if price.scale <= scale { return price.mantissa(atScale: scale) }
    let factor = FixedDecimal(mantissa: 1, scale: scale).mantissa(atScale: price.scale) ?? 0
    // The worst and the best level hold the extremes: when both fit at the new scale, all do.
    for index in [0, count - 1] where keys[index].multipliedReportingOverflow(by: factor).overflow { return nil }
    for index in 0..<count { keys[index] &*= factor }
    scale = price.scale
    return price.mantissa
  }
}
