/// What stands beside a price in a ``BookSide``.
struct BookEntry {
  var quantity: Int64
  var quantityScale: UInt8
  var quantityZeros: UInt8
  /// The price as the exchange wrote it, where its digits differ from the side's scale.
  var priceScale: UInt8
  var priceZeros: UInt8

  @inline(__always)
  init(_ level: BookLevel) {
    quantity = level.quantityMantissa
    quantityScale = level.quantityScale
    quantityZeros = level.quantityZeros
    priceScale = level.priceScale
    priceZeros = level.priceZeros
  }
}

/// Insertions into and removals from a sorted run that were found but not made yet, so that they can be made together.
///
/// All indexes mean the run as it stands before any of them is made. The keys only rise or only fall.
struct BookEdits: ~Copyable {
  struct Edit {
    var key: Int64
    /// The index of the first element that is not smaller.
    var index: Int
    /// What is inserted before it; nil when it is removed.
    var inserted: BookEntry?
  }

  /// Edits collected at most before they are made; a message seldom has more.
  static let capacity = 256

  private let base: UnsafeMutablePointer<Edit>
  private(set) var count = 0
  private var isFalling = false

  init() { base = .allocate(capacity: Self.capacity) }

  deinit { base.deallocate() }

  /// Whether a change at `key` may be looked up and added without making the edits collected so far: it lies behind all
  /// of them in their direction, so neither its index nor its presence depends on them.
  @inline(__always)
  func admits(_ key: Int64) -> Bool {
    if count == 0 { return true }
    if count == Self.capacity { return false }
    let last = base[count &- 1].key
    if count == 1 { return key != last }
    return isFalling ? key < last : key > last
  }

  /// Adds an edit whose key is admitted.
  @inline(__always)
  mutating func append(_ edit: Edit) {
    guard count < Self.capacity else { return }
    if count == 1 { isFalling = edit.key < base[0].key }
    (base + count).initialize(to: edit)
    count &+= 1
  }

  /// The edits with rising keys; valid until the next change.
  mutating func sorted() -> UnsafeMutableBufferPointer<Edit> {
    var edits = UnsafeMutableBufferPointer(start: base, count: count)
    if isFalling && count > 1 { edits.reverse() }
    isFalling = false
    return edits
  }

  mutating func removeAll() { count = 0 }
}
