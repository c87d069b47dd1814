/// A growing run of price levels that is filled, read and reused.
public struct LevelBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<BookLevel>
  @usableFromInline var capacity: Int
  @usableFromInline var used: Int

  /// Creates an empty buffer.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
    used = 0
  }

  deinit { base.deallocate() }

  /// Levels in the buffer.
  @inlinable public var count: Int { used }

  /// All levels; valid until the next change.
  public var levels: UnsafeBufferPointer<BookLevel> { UnsafeBufferPointer(start: base, count: count) }

  /// The levels of `range`, cut to what is there.
  @inlinable
  public subscript(range: Range<Int>) -> UnsafeBufferPointer<BookLevel> {
    let bounded = range.clamped(to: 0..<count)
    return UnsafeBufferPointer(start: base + bounded.lowerBound, count: bounded.count)
  }

  /// Adds a level at the end.
  @inlinable
  public mutating func append(_ level: BookLevel) {
    if used == capacity { grow(to: capacity * 2) }
    (base + used).initialize(to: level)
    used &+= 1
  }

  /// Adds levels at the end.
  public mutating func append(contentsOf levels: UnsafeBufferPointer<BookLevel>) {
    guard let source = levels.baseAddress else { return }
    if count + levels.count > capacity { grow(to: max(capacity * 2, count + levels.count)) }
    (base + count).initialize(from: source, count: levels.count)
    used += levels.count
  }

  /// Empties the buffer; the memory stays.
  public mutating func removeAll() { used = 0 }

  @usableFromInline
  @inline(never)
  mutating func grow(to newCapacity: Int) {
    let newBase = UnsafeMutablePointer<BookLevel>.allocate(capacity: newCapacity)
    newBase.moveInitialize(from: base, count: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }
}
