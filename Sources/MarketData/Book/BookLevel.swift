/// One price level: an absolute quantity at a price; quantity zero removes the level.
public struct BookLevel: Sendable, Equatable {
  @usableFromInline var priceMantissa: Int64
  @usableFromInline var quantityMantissa: Int64
  @usableFromInline var priceScale: UInt8
  @usableFromInline var priceZeros: UInt8
  @usableFromInline var quantityScale: UInt8
  @usableFromInline var quantityZeros: UInt8

  /// Creates a level.
  @inlinable
  public init(price: FixedDecimal, quantity: FixedDecimal) {
    priceMantissa = price.mantissa
    priceScale = price.scale
    priceZeros = price.trailingZeros
    quantityMantissa = quantity.mantissa
    quantityScale = quantity.scale
    quantityZeros = quantity.trailingZeros
  }

  /// The price.
  @inlinable public var price: FixedDecimal {
    FixedDecimal(mantissa: priceMantissa, scale: priceScale, trailingZeros: priceZeros)
  }

  /// The quantity; zero removes the level.
  @inlinable public var quantity: FixedDecimal {
    FixedDecimal(mantissa: quantityMantissa, scale: quantityScale, trailingZeros: quantityZeros)
  }

  /// Whether price and quantity have the same values.
  @inlinable
  public static func == (left: BookLevel, right: BookLevel) -> Bool {
    left.price == right.price && left.quantity == right.quantity
  }
}

/// A growing run of price levels that is filled, read and reused.
public struct LevelBuffer: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<BookLevel>
  @usableFromInline var capacity: Int
  /// Levels in the buffer.
  public private(set) var count: Int

  /// Creates an empty buffer.
  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
    count = 0
  }

  deinit { base.deallocate() }

  /// All levels; valid until the next change.
  public var levels: UnsafeBufferPointer<BookLevel> { UnsafeBufferPointer(start: base, count: count) }

  /// The levels of `range`, cut to what is there.
  public subscript(range: Range<Int>) -> UnsafeBufferPointer<BookLevel> {
    let bounded = range.clamped(to: 0..<count)
    return UnsafeBufferPointer(start: base + bounded.lowerBound, count: bounded.count)
  }

  /// Adds a level at the end.
  public mutating func append(_ level: BookLevel) {
    if count == capacity { grow(to: capacity * 2) }
    (base + count).initialize(to: level)
    count += 1
  }

  /// Adds levels at the end.
  public mutating func append(contentsOf levels: UnsafeBufferPointer<BookLevel>) {
    guard let source = levels.baseAddress else { return }
    if count + levels.count > capacity { grow(to: max(capacity * 2, count + levels.count)) }
    (base + count).initialize(from: source, count: levels.count)
    count += levels.count
  }

  /// Empties the buffer; the memory stays.
  public mutating func removeAll() { count = 0 }

  private mutating func grow(to newCapacity: Int) {
    let newBase = UnsafeMutablePointer<BookLevel>.allocate(capacity: newCapacity)
    newBase.moveInitialize(from: base, count: count)
    base.deallocate()
    base = newBase
    capacity = newCapacity
  }
}
